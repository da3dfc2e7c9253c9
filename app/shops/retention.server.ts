// How long things are kept, in one table; and what removes them afterwards.
import { now } from "../platform/clock.server.ts";
import { prisma } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds that each is kept. An export says itself when it ends. With an event's body ends what is still owed of it:
 * those deliveries are cancelled as `expired`, unless a worker holds one at that moment.
 */
export const KEPT_MS = {
  receipts: 7 * DAY_MS,
  event_bodies: 30 * DAY_MS,
  attempts: 90 * DAY_MS,
  idempotent_answers: DAY_MS,
  exports: 0,
} as const;

/** Rows of a kind that one statement removes, and deliveries that it cancels. */
export const REMOVE_BATCH = 5_000;
/** Batches of one kind in one run; what is left waits for the next. */
const BATCHES_MAX = 200;

/**
 * Removes what is older than it may be kept, of every shop; told to stop, it ends with the batch. Safe to run twice and
 * side by side. Rows removed.
 */
export async function removeOld(stopping?: AbortSignal): Promise<number> {
  let total = 0;
  for (const [what, keptMs] of Object.entries(KEPT_MS)) {
    const before = new Date(now().getTime() - keptMs);
    let removed = REMOVE_BATCH;
    for (let batch = 0; batch < BATCHES_MAX && removed >= REMOVE_BATCH; batch += 1) {
      if (stopping?.aborted === true) return total;
      removed = await removeBatch(what, before);
      total += removed;
    }
  }
  if (total > 0) log.info("retention.removed", { rows: total });
  return total;
}

async function removeBatch(what: string, before: Date): Promise<number> {
  const [row] = await prisma().$queryRaw<{ removed: bigint }[]>`
    SELECT remove_old(${what}, ${before}::timestamptz, ${REMOVE_BATCH}::int) AS removed`;
  return Number(row?.removed ?? 0);
}
