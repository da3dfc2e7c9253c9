// A write happens once per Idempotency-Key: the first request's answer is kept for a day and given to those that follow.
import { createHash } from "node:crypto";
import type { ShopId } from "../loyalty/ids.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import { open, seal } from "../platform/secrets.server.ts";

export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,200}$/;
/** The status of a no that a moment later is a yes. */
export const TOO_MANY = 429;
/** A request that has not answered by then died with its process; the next one may begin. */
const GIVEN_UP_MS = 60_000;

export type Answered = { readonly status: number; readonly body: string };

/** A write under a key. `isSecret`: its answer tells a secret, and is kept sealed. */
export type Once = {
  readonly shopId: ShopId;
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly raw: string;
  readonly isSecret: boolean;
};

/**
 * Runs `work` unless its key was used: then the kept answer comes back, `replayed`. Refuses a key that served for
 * another request, or whose first request is still under way. What `work` throws, and a 429, leave the key unused.
 */
export async function once(
  asked: Once,
  work: () => Promise<Answered>,
): Promise<Result<Answered & { replayed: boolean }>> {
  const { shopId, key } = asked;
  const kept = await claim(asked);
  if (!kept.ok) return kept;
  if (kept.value !== null) return accept({ ...kept.value, replayed: true });
  try {
    const answered = await work();
    if (answered.status === TOO_MANY) {
      await release(asked);
      return accept({ ...answered, replayed: false });
    }
    const body = asked.isSecret ? seal(answered.body, bindingOf(asked)) : answered.body;
    await inShop(shopId, (tx) =>
      tx.db.idempotentAnswer.updateMany({ where: { shopId, key }, data: { status: answered.status, body } }),
    );
    return accept({ ...answered, replayed: false });
  } catch (error) {
    await release(asked);
    throw error;
  }
}

/** The key is unused again. */
const release = ({ shopId, key }: Once) =>
  inShop(shopId, (tx) => tx.db.idempotentAnswer.deleteMany({ where: { shopId, key, status: null } }));

const bindingOf = ({ shopId, key }: Once) => [shopId, key, "idempotent answer"] as const;

type Row = { requestHash: string; status: number | null; body: string | null; createdAt: Date };

/** Takes the key; null when the caller has it now, the kept answer where it was used. */
function claim(asked: Once): Promise<Result<Answered | null>> {
  const { shopId, key, method, path, raw } = asked;
  const hash = createHash("sha256").update(`${method} ${path}\n${raw}`).digest("hex");
  const at = now();
  return inShop(shopId, async (tx): Promise<Result<Answered | null>> => {
    const taken = await tx.db.$executeRaw`
      INSERT INTO idempotent_answer AS a (shop_id, key, request_hash, created_at) VALUES (${shopId}, ${key}, ${hash}, ${at})
      ON CONFLICT (shop_id, key) DO UPDATE SET created_at = excluded.created_at
        WHERE a.status IS NULL AND a.request_hash = excluded.request_hash
          AND a.created_at < ${new Date(at.getTime() - GIVEN_UP_MS)}`;
    if (taken === 1) return accept(null);
    const before: Row = await tx.db.idempotentAnswer.findUniqueOrThrow({
      where: { shopId_key: { shopId, key } },
    });
    if (before.requestHash !== hash) return refuse("idempotency_key_reused");
    const { status, body } = before;
    if (status === null || body === null) return refuse("idempotency_key_in_use");
    const text = body.startsWith("{") ? body : open(body, bindingOf(asked));
    return text === null ? refuse("secret_unreadable") : accept({ status, body: text });
  });
}
