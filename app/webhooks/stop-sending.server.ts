// Cancels what is owed to nobody any more, in batches: of a shop that uninstalled, of a subscription that was deleted.
import { Prisma } from "../../generated/prisma/index.js";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { summon } from "../platform/upkeep.server.ts";
import type { Step } from "../platform/upkeep.server.ts";

/** Deliveries that one transaction cancels. */
export const CANCEL_BATCH = 5_000;
/** The chore (worker/upkeep.server.ts) that goes on with what a deletion began. */
const CHORE = "deleted";

/** What to do with a delivery that another transaction has locked. */
type Locked = "wait" | "pass over";

/**
 * Disables the shop's subscriptions and cancels up to `CANCEL_BATCH` of its pending deliveries. What is being settled
 * while it disables is left to the next step, which waits for it.
 * @returns whether there may be more to cancel.
 */
export async function stopSending(tx: ShopTx, at: Date): Promise<boolean> {
  const reason = "app_uninstalled";
  const disabled = await tx.db.$executeRaw`
    UPDATE subscription SET state = 'disabled', disabled_reason = ${reason}, disabled_at = ${at}, updated_at = ${at},
      revision = revision + 1
    WHERE shop_id = ${tx.shopId} AND state <> 'disabled'`;
  const all = await tx.db.subscription.findMany({ where: { shopId: tx.shopId }, select: { id: true } });
  // What a deletion left is not gone on with in a shop that left.
  const lanes = [...all.map(({ id }) => id), ...(await deletedAndOwed(tx))];
  const cancelled = await cancelBatch(tx, lanes, reason, disabled > 0 ? "pass over" : "wait");
  return disabled + cancelled > 0;
}

/**
 * Cancels what a subscription is owed that the transaction deletes: one batch in it, the rest by a worker afterwards. No
 * attempt of the rest starts, since a claim asks for the subscription.
 * @returns how many deliveries that is in all.
 */
export async function cancelDeleted(tx: ShopTx, lane: string): Promise<number> {
  const owed = await tx.db.owed.count({ where: { shopId: tx.shopId, subscriptionId: lane } });
  const cancelled = await cancelBatch(tx, [lane], "subscription_deleted", "pass over");
  if (cancelled < owed) await summon(tx, CHORE);
  return owed;
}

/** For the worker: cancels the next batch of what the shop's deleted subscriptions are owed. */
export function continueDeletions(shopId: ShopId): Promise<Step> {
  return inShop(shopId, async (tx) => {
    const lanes = await deletedAndOwed(tx);
    const cancelled = await cancelBatch(tx, lanes, "subscription_deleted", "wait");
    return { after: cancelled > 0 ? (lanes[0] ?? null) : null, found: cancelled };
  });
}

// Steps from subscription to subscription in the index of the shop's log, however long that is.
async function deletedAndOwed(tx: ShopTx): Promise<string[]> {
  const found = await tx.db.$queryRaw<{ lane: string }[]>`
    WITH RECURSIVE logged AS (
      (SELECT subscription_id AS lane FROM delivery WHERE shop_id = ${tx.shopId} ORDER BY subscription_id LIMIT 1)
      UNION ALL
      SELECT (SELECT d.subscription_id FROM delivery d WHERE d.shop_id = ${tx.shopId} AND d.subscription_id > l.lane
               ORDER BY d.subscription_id LIMIT 1)
        FROM logged l WHERE l.lane IS NOT NULL)
    SELECT lane FROM logged
     WHERE lane IS NOT NULL AND EXISTS (SELECT FROM owed o WHERE o.subscription_id = lane)
       AND NOT EXISTS (SELECT FROM subscription s WHERE s.shop_id = ${tx.shopId} AND s.subscription_id = lane)`;
  return found.map(({ lane }) => lane);
}

// What a worker holds at this moment is cancelled too: its answer is kept as an attempt and changes nothing else. Locked in
// the order in which settling locks. Settling may go on to disable a subscription, so whoever has changed one does not
// wait: that would be a circle.
function cancelBatch(
  tx: ShopTx,
  lanes: readonly string[],
  reason: "app_uninstalled" | "subscription_deleted",
  locked: Locked,
): Promise<number> {
  const orNot = Prisma.raw(locked === "wait" ? "" : "SKIP LOCKED");
  return tx.db.$executeRaw`
    WITH next AS MATERIALIZED (
      SELECT o.delivery_id FROM owed o WHERE o.subscription_id = ANY (${[...lanes]}::text[]) LIMIT ${CANCEL_BATCH})
    UPDATE delivery SET state = 'cancelled', reason = ${reason}, settled_at = now() WHERE delivery_id = ANY (ARRAY(
      SELECT d.delivery_id FROM next JOIN delivery d USING (delivery_id)
       WHERE d.shop_id = ${tx.shopId} AND d.state = 'pending' ORDER BY d.delivery_id FOR UPDATE OF d ${orNot}))`;
}
