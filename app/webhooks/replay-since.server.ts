// Sends again all that failed since a time: counted before, taken in batches by whoever is there (the request first, then
// any worker), watched while it goes, and stopped if the merchant says so.
import { Prisma } from "../../generated/prisma/index.js";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx, Within } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";
import { log } from "../platform/log.server.ts";
import { summon } from "../platform/upkeep.server.ts";
import type { Step } from "../platform/upkeep.server.ts";
import { refuseUnlessAllowed } from "./may-change.server.ts";
import { REPLAYABLE, SENT_AGAIN, SUPERSEDES } from "./replay.server.ts";

/** Deliveries that one transaction takes, or gives back. */
export const REPLAY_BATCH = 2_000;
/** Batches that stopping gives back at the most: ten million deliveries. */
const BATCHES_MAX = 5_000;
const KEPT_DAYS = 30;
/** The chore (worker/upkeep.server.ts) that goes on with what a request began. */
const CHORE = "replays";
// What is joined to a replay's own rows is found by its id alone: named too, the shop could lead the planner to walk
// through all of its deliveries for each.

/** `subscriptionId` null: of every subscription; `since` by the time the delivery came to be. */
export type FailedSince = { subscriptionId: string | null; since: Date };

/** A replay and what became of what it took. */
export type ReplayView = {
  id: string;
  subscriptionId: string | null;
  since: Date;
  startedAt: Date;
  /** When the last was taken, or it was stopped. */
  endedAt: Date | null;
  /** running: still taking; taken: all are taken; stopped: by the merchant. */
  state: "running" | "taken" | "stopped";
  /** Counted before it began. */
  total: number;
  taken: number;
  /** Of those taken: accepted; not tried yet; tried and to be tried again; given up again. */
  delivered: number;
  waiting: number;
  retrying: number;
  failed: number;
  /** Cancelled, or given back by stopping. */
  left: number;
  /** Whether stopping would change anything: it still takes, or something that it took waits because of it. */
  stoppable: boolean;
};

const failedWithin = ({ subscriptionId, since }: FailedSince) => Prisma.sql`d.created_at >= ${since}
  AND d.failed
  AND ${subscriptionId === null ? Prisma.sql`true` : Prisma.sql`d.subscription_id = ${subscriptionId}`}`;

/** How many deliveries a replay would take now: the count before. */
export function countFailedSince(shopId: ShopId, which: FailedSince): Promise<number> {
  return inShop(shopId, (tx) => count(tx, which));
}

async function count(tx: ShopTx, which: FailedSince): Promise<number> {
  const [row] = await tx.db.$queryRaw<{ n: number }[]>(Prisma.sql`
    SELECT count(*)::int AS n FROM delivery d
     WHERE d.shop_id = ${tx.shopId} AND ${failedWithin(which)} AND ${REPLAYABLE}`);
  return row?.n ?? 0;
}

/**
 * Begins to send again what failed or was parked, and takes the first batch; a worker goes on with the rest. Refuses
 * while another is still taking of the same subscription, or of all (`replay_under_way`), and a subscription that the
 * shop does not have.
 */
export function startReplay(within: Within, which: FailedSince): Promise<Result<ReplayView>> {
  return inShop(within, async (tx): Promise<Result<ReplayView>> => {
    const { shopId } = tx;
    const refused = await refuseUnlessAllowed(tx);
    if (refused !== null) return refused;
    const { subscriptionId, since } = which;
    if (subscriptionId !== null && !(await isKnown(tx, subscriptionId)))
      return refuse("subscription_unknown");
    const overlapping = subscriptionId === null ? {} : { OR: [{ subscriptionId }, { subscriptionId: null }] };
    const running = await tx.db.replay.findFirst({ where: { shopId, state: "running", ...overlapping } });
    if (running !== null) return refuse("replay_under_way");
    await tx.db.$executeRaw`
      DELETE FROM replay WHERE shop_id = ${shopId} AND started_at < now() - ${KEPT_DAYS} * interval '1 day'`;
    const id = newId("rpl");
    await tx.db.$executeRaw`
      INSERT INTO replay (replay_id, shop_id, subscription_id, since, until, total, after_at, started_at)
      VALUES (${id}, ${shopId}, ${subscriptionId}, ${since}, now(), ${await count(tx, which)}, ${since}, now())`;
    if (await takeBatch(tx, id)) await summon(tx, CHORE);
    const [begun] = await views(tx, Prisma.sql`replay_id = ${id}`);
    if (begun === undefined) throw new Error("the replay vanished in its own transaction");
    log.info("replay.started", { shop: shopId, replay: id, deliveries: begun.total });
    return accept(begun);
  });
}

const isKnown = async ({ db, shopId }: ShopTx, id: string) =>
  (await db.subscription.count({ where: { shopId, id } })) > 0;

/** For the worker: takes the next batch of the shop's oldest replay; the round is over when none is left. */
export function continueReplays(shopId: ShopId): Promise<Step> {
  return inShop(shopId, async (tx) => {
    const running = await tx.db.replay.findFirst({
      where: { shopId, state: "running" },
      orderBy: { startedAt: "asc" },
      select: { id: true },
    });
    if (running === null) return { after: null, found: 0 };
    await takeBatch(tx, running.id);
    return { after: running.id, found: 0 };
  });
}

// The cursor passes every delivery once: what fails anew while the replay goes on is not taken again.
async function takeBatch(tx: ShopTx, id: string): Promise<boolean> {
  const [replay] = await tx.db.$queryRaw<(FailedSince & { until: Date; afterAt: Date; afterId: string })[]>`
    SELECT subscription_id AS "subscriptionId", since, until, after_at AS "afterAt", after_id AS "afterId"
      FROM replay WHERE shop_id = ${tx.shopId} AND replay_id = ${id} AND state = 'running' FOR UPDATE`;
  if (replay === undefined) return false;
  const taken = await tx.db.$queryRaw<{ id: string; at: Date; lane: string }[]>(Prisma.sql`
    WITH chosen AS MATERIALIZED (
      SELECT d.delivery_id, d.created_at, d.subscription_id, d.state, d.reason, d.settled_at FROM delivery d
       WHERE d.shop_id = ${tx.shopId} AND ${failedWithin(replay)} AND d.created_at <= ${replay.until} AND ${REPLAYABLE}
         AND (d.created_at, d.delivery_id) > (${replay.afterAt}, ${replay.afterId})
       ORDER BY d.created_at, d.delivery_id LIMIT ${REPLAY_BATCH} FOR UPDATE SKIP LOCKED
    ), ${SUPERSEDES}, noted AS (
      INSERT INTO replayed (shop_id, replay_id, delivery_id, state_before, reason_before, settled_before)
      SELECT ${tx.shopId}, ${id}, delivery_id, state, reason, settled_at FROM chosen
    ), moved AS (
      UPDATE delivery d SET ${SENT_AGAIN} FROM chosen c WHERE d.delivery_id = c.delivery_id
    )
    SELECT delivery_id AS id, created_at AS at, subscription_id AS lane FROM chosen ORDER BY created_at, delivery_id`);
  for (const { lane } of taken) tx.lanes.add(lane);
  const [last, more] = [taken.at(-1), taken.length === REPLAY_BATCH];
  await tx.db.$executeRaw`
    UPDATE replay SET taken = taken + ${taken.length}, after_at = ${last?.at ?? replay.afterAt},
      after_id = ${last?.id ?? replay.afterId}, state = ${more ? "running" : "taken"},
      ended_at = CASE WHEN ${more} THEN NULL ELSE now() END
     WHERE shop_id = ${tx.shopId} AND replay_id = ${id}`;
  return more;
}

/**
 * Stops: no more are taken, and what was taken and still waits is as it was before. What is being sent at this moment
 * ends as it ends; what something else has sent again since stays with that. Refuses an id that the shop does not have,
 * and one that is over: nothing waits because of it (`replay_ended`).
 */
export async function stopReplay(shopId: ShopId, id: string): Promise<Result<ReplayView>> {
  if ((await findReplay(shopId, id)) === null) return refuse("replay_unknown");
  // Stopped already, a part of it may still wait: whoever stopped it died, or it was being sent then and failed.
  const stopping = await inShop(
    shopId,
    (tx) => tx.db.$executeRaw`
      UPDATE replay r SET state = 'stopped', ended_at = CASE WHEN r.state = 'stopped' THEN r.ended_at ELSE now() END
       WHERE r.shop_id = ${shopId} AND r.replay_id = ${id} AND (r.state = 'running' OR EXISTS (
         SELECT FROM replayed x JOIN delivery d ON d.delivery_id = x.delivery_id
          WHERE x.replay_id = r.replay_id AND NOT x.superseded AND d.state = 'pending'))`,
  );
  if (stopping === 0) return refuse("replay_ended");
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    if ((await giveBack(shopId, id)) < REPLAY_BATCH) break;
  }
  const [stopped] = await inShop(shopId, (tx) => views(tx, Prisma.sql`replay_id = ${id}`));
  return stopped === undefined ? refuse("replay_unknown") : accept(stopped);
}

function giveBack(shopId: ShopId, id: string): Promise<number> {
  return inShop(
    shopId,
    (tx) => tx.db.$executeRaw`
      WITH waiting AS MATERIALIZED (
        SELECT d.delivery_id, r.state_before, r.reason_before, r.settled_before
          FROM replayed r JOIN delivery d ON d.delivery_id = r.delivery_id
         WHERE r.shop_id = ${shopId} AND r.replay_id = ${id} AND NOT r.superseded AND d.state = 'pending'
           AND (d.lease IS NULL OR d.leased_until <= now())
         LIMIT ${REPLAY_BATCH} FOR UPDATE OF d, r SKIP LOCKED
      )
      UPDATE delivery d SET state = w.state_before, reason = w.reason_before, manual = false, lease = NULL,
             leased_until = NULL, settled_at = coalesce(w.settled_before, now())
        FROM waiting w WHERE d.delivery_id = w.delivery_id`,
  );
}

/** The newest replay that took deliveries of this subscription; null where there was none in thirty days. */
export async function newestReplay(shopId: ShopId, subscriptionId: string): Promise<ReplayView | null> {
  const [found] = await inShop(shopId, (tx) =>
    views(tx, Prisma.sql`subscription_id = ${subscriptionId} OR subscription_id IS NULL`),
  );
  return found ?? null;
}

/** A replay by its id; null where the shop has none. */
export async function findReplay(shopId: ShopId, id: string): Promise<ReplayView | null> {
  const [found] = await inShop(shopId, (tx) => views(tx, Prisma.sql`replay_id = ${id}`));
  return found ?? null;
}

function views(tx: ShopTx, which: Prisma.Sql): Promise<ReplayView[]> {
  return tx.db.$queryRaw<ReplayView[]>(Prisma.sql`
    SELECT r.replay_id AS id, r.subscription_id AS "subscriptionId", r.since, r.started_at AS "startedAt",
      r.ended_at AS "endedAt", r.state, r.total, r.taken, n.*
    FROM (SELECT * FROM replay WHERE shop_id = ${tx.shopId} AND (${which}) ORDER BY started_at DESC LIMIT 1) r
    CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE d.state = 'delivered')::int AS delivered,
        count(*) FILTER (WHERE d.state = 'pending' AND d.manual)::int AS waiting,
        count(*) FILTER (WHERE d.state = 'pending' AND NOT d.manual)::int AS retrying,
        count(*) FILTER (WHERE d.state IN ('failed', 'parked') AND d.settled_at IS DISTINCT FROM x.settled_before)::int AS failed,
        count(*) FILTER (WHERE d.state = 'cancelled'
          OR d.state IN ('failed', 'parked') AND d.settled_at IS NOT DISTINCT FROM x.settled_before)::int AS left,
        r.state = 'running' OR coalesce(bool_or(d.state = 'pending' AND NOT x.superseded), false) AS stoppable
      FROM replayed x JOIN delivery d ON d.delivery_id = x.delivery_id
      WHERE x.shop_id = ${tx.shopId} AND x.replay_id = r.replay_id) n`);
}
