// A write happens once per Idempotency-Key: its answer is kept for a day and given to every request that follows.
import { createHash } from "node:crypto";
import type { ShopId } from "../loyalty/ids.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import { open, seal } from "../platform/secrets.server.ts";

export const IDEMPOTENCY_HEADER = "Idempotency-Key";
/** What a key looks like, as OpenAPI's `pattern` has it. */
export const KEY_PATTERN = "^[\\x21-\\x7e]{1,200}$";
/** A request that has not answered by then has lost its answer: the longest deadline of a test, and some time to keep it. */
const GIVEN_UP_MS = 75_000;

/** `isPassing`: a refusal that may not hold any more when it is asked again, and is not kept. */
export type Answered = { readonly status: number; readonly body: string; readonly isPassing?: boolean };

/** A write under a key. `isSecret`: its answer tells a secret, and is kept sealed. */
export type Once = {
  readonly shopId: ShopId;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly raw: string;
  readonly isSecret: boolean;
};
type Outcome = Result<Answered & { readonly replayed: boolean }>;

const KEY = new RegExp(KEY_PATTERN);

/** Whether a text can be an Idempotency-Key. */
export const isIdempotencyKey = (text: string) => KEY.test(text);

/**
 * Runs `work` unless its key was used: then the kept answer comes back, `replayed`. Work and answer are one transaction:
 * both stay or neither, whatever fails or dies. Refuses a key that served for another request, or that is in use.
 */
export function once(asked: Once, work: (tx: ShopTx) => Promise<Answered>): Promise<Outcome> {
  return inShop(asked.shopId, async (tx): Promise<Outcome> => {
    const before = await lookUp(tx, asked);
    if (!before.ok) return before;
    if (before.value !== null) return accept({ ...before.value, replayed: true });
    const answered = await work(tx);
    if (answered.isPassing !== true) await keep(tx, asked, answered);
    return accept({ ...answered, replayed: false });
  });
}

/**
 * As `once`, for work that cannot be one transaction with its answer. The key is taken before it: where the answer is
 * lost, those that follow are refused as `idempotency_outcome_unknown`. A passing refusal gives the key back: nothing was done.
 */
export async function onceTaken(asked: Once, work: () => Promise<Answered>): Promise<Outcome> {
  const { shopId, key } = asked;
  const before = await inShop(shopId, (tx) => take(tx, asked));
  if (!before.ok) return before;
  if (before.value !== null) return accept({ ...before.value, replayed: true });
  const answered = await work();
  const kept = inShop<unknown>(shopId, (tx) =>
    answered.isPassing === true
      ? tx.db.idempotentAnswer.deleteMany({ where: { shopId, key } })
      : keep(tx, asked, answered),
  );
  // What was done is told to whoever waits, also where it cannot be told again.
  await kept.catch((error: unknown) => log.error("api.answer_not_kept", { shop: shopId }, error));
  return accept({ ...answered, replayed: false });
}

/** The kept answer, or null for a key that was not used. Nobody else looks it up before the transaction has ended. */
async function lookUp(tx: ShopTx, asked: Once): Promise<Result<Answered | null>> {
  const { shopId, key } = asked;
  const [lock] = await tx.db.$queryRaw<{ held: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(hashtextextended(${`${shopId} ${key}`}, 0)) AS held`;
  if (lock?.held !== true) return refuse("idempotency_key_in_use");
  const before = await tx.db.idempotentAnswer.findUnique({ where: { shopId_key: { shopId, key } } });
  if (before === null) return accept(null);
  const { requestHash, status, body, createdAt } = before;
  if (requestHash !== hashOf(asked)) return refuse("idempotency_key_reused");
  if (status === null || body === null) {
    const isLost = createdAt.getTime() < now().getTime() - GIVEN_UP_MS;
    return refuse(isLost ? "idempotency_outcome_unknown" : "idempotency_key_in_use");
  }
  const text = body.startsWith("{") ? body : open(body, bindingOf(asked));
  return text === null ? refuse("secret_unreadable") : accept({ status, body: text });
}

/** As `lookUp`; a key that was not used is taken. */
async function take(tx: ShopTx, asked: Once): Promise<Result<Answered | null>> {
  const before = await lookUp(tx, asked);
  if (!before.ok || before.value !== null) return before;
  const { shopId, key } = asked;
  await tx.db.idempotentAnswer.create({
    data: { shopId, key, requestHash: hashOf(asked), createdAt: now() },
  });
  return before;
}

async function keep(tx: ShopTx, asked: Once, { status, body: text }: Answered): Promise<void> {
  const { shopId, key } = asked;
  const body = asked.isSecret ? seal(text, bindingOf(asked)) : text;
  await tx.db.$executeRaw`
    INSERT INTO idempotent_answer (shop_id, key, request_hash, status, body, created_at)
    VALUES (${shopId}, ${key}, ${hashOf(asked)}, ${status}, ${body}, ${now()})
    ON CONFLICT (shop_id, key) DO UPDATE SET status = excluded.status, body = excluded.body`;
}

const bindingOf = ({ shopId, key }: Once) => [shopId, key, "idempotent answer"] as const;
const hashOf = ({ method, path, raw }: Once) =>
  createHash("sha256").update(`${method} ${path}\n${raw}`).digest("hex");
