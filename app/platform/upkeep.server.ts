// Work that every shop needs again and again, one worker at a time for each shop: when it is due, who has it, how far
// it is. Kept in the database and not in a queue, so that nothing of it is lost with one.
import type { ShopId } from "../loyalty/ids.ts";
import { inShop, prisma } from "./db.server.ts";
import type { ShopTx } from "./db.server.ts";

/** A step takes far less; a worker that died with it leaves it to another after this. A failed one waits as long. */
export const UPKEEP_LEASE_MS = 5 * 60 * 1000;

/** A round through one shop that this process has for now. */
export type Round = {
  readonly shopId: ShopId;
  readonly chore: string;
  readonly timezone: string;
  /** Where to go on: what the step before said; empty at the start. */
  readonly after: string;
  /** What the steps before found, counted. */
  readonly found: number;
  readonly dueAt: Date;
  /** The fencing token: whoever has another may write nothing. */
  readonly leasedUntil: Date;
};

/** What one bounded step did: where the next goes on (null: the round is over), and how much it found. */
export type Step = { readonly after: string | null; readonly found: number };

/** Plans these chores for every installed shop that has them not yet, due at once; forgets those of shops that left. */
export async function planUpkeep(chores: readonly string[]): Promise<void> {
  await prisma().$queryRaw`SELECT plan_upkeep(${[...chores]}::text[])::text`;
}

/** Makes a chore of the transaction's shop due now: after COMMIT, and after the round that may be under way. */
export async function summon(tx: ShopTx, chore: string): Promise<void> {
  await tx.db.$executeRaw`
    INSERT INTO upkeep (shop_id, chore, due_at) VALUES (${tx.shopId}, ${chore}, now())
    ON CONFLICT (shop_id, chore) DO UPDATE SET due_at = excluded.due_at`;
}

/** Takes the round that is due longest, of any shop; null where none is. */
export async function claimRound(chores: readonly string[]): Promise<Round | null> {
  const [row] = await prisma().$queryRaw<Round[]>`
    SELECT shop_id AS "shopId", chore, timezone, due_at AS "dueAt", leased_until AS "leasedUntil", after, found
    FROM claim_upkeep(${[...chores]}::text[], ${UPKEEP_LEASE_MS}::int)`;
  return row ?? null;
}

/** Keeps how far a round is, and its lease for another step; null where another worker has the round by now. */
export async function keepStep(round: Round, after: string, found: number): Promise<Round | null> {
  const [row] = await inShop(
    round.shopId,
    (tx) => tx.db.$queryRaw<Pick<Round, "leasedUntil" | "found">[]>`
      UPDATE upkeep SET after = ${after}, found = found + ${found},
        leased_until = now() + ${UPKEEP_LEASE_MS} * interval '1 ms'
      WHERE shop_id = ${tx.shopId} AND chore = ${round.chore} AND leased_until = ${round.leasedUntil}
      RETURNING leased_until AS "leasedUntil", found`,
  );
  return row ? { ...round, ...row, after } : null;
}

/** Ends a round that found so much; the next is due in `nextInMs`, or at once where it was summoned meanwhile. */
export async function endRound(round: Round, ended: { found: number; nextInMs: number }): Promise<void> {
  await inShop(
    round.shopId,
    (tx) => tx.db.$executeRaw`
      UPDATE upkeep SET leased_until = NULL, after = '', found = 0, last_found = ${ended.found}, ended_at = now(),
        due_at = CASE WHEN due_at = ${round.dueAt} THEN now() + ${ended.nextInMs} * interval '1 ms' ELSE due_at END
      WHERE shop_id = ${tx.shopId} AND chore = ${round.chore} AND leased_until = ${round.leasedUntil}`,
  );
}

/** Gives a round back as it stands, for a worker that stops. */
export async function releaseRound(round: Round): Promise<void> {
  await inShop(
    round.shopId,
    (tx) => tx.db.$executeRaw`
      UPDATE upkeep SET leased_until = NULL
      WHERE shop_id = ${tx.shopId} AND chore = ${round.chore} AND leased_until = ${round.leasedUntil}`,
  );
}

export type UpkeepGauge = {
  readonly chore: string;
  /** By the last round of every shop. */
  readonly found: number;
  /** Age of the round that is oldest, over all shops. */
  readonly oldestSeconds: number;
};

/** What upkeep found and how old that is, over all shops. One statement. */
export function upkeepGauges(): Promise<readonly UpkeepGauge[]> {
  return prisma().$queryRaw<UpkeepGauge[]>`
    SELECT chore, found::float8 AS found, oldest_seconds AS "oldestSeconds" FROM upkeep_gauges()`;
}
