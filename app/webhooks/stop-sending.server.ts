// Ends all sending of a shop that uninstalled: subscriptions disabled for good, what they were owed cancelled.
import type { ShopTx } from "../platform/db.server.ts";

/** Deliveries that one transaction cancels. */
export const CANCEL_BATCH = 5_000;
const REASON = "app_uninstalled";

/**
 * Disables the shop's subscriptions and cancels up to `CANCEL_BATCH` of its pending deliveries. What a worker holds at
 * this moment is cancelled too: its answer is kept as an attempt and changes nothing else.
 * @returns whether there may be more to cancel.
 */
export async function stopSending(tx: ShopTx, at: Date): Promise<boolean> {
  await tx.db.$executeRaw`
    UPDATE subscription SET state = 'disabled', disabled_reason = ${REASON}, disabled_at = ${at}, updated_at = ${at},
      revision = revision + 1
    WHERE shop_id = ${tx.shopId} AND state <> 'disabled'`;
  const cancelled = await tx.db.$executeRaw`
    UPDATE delivery SET state = 'cancelled', reason = ${REASON}, settled_at = now()
    WHERE delivery_id IN (
      SELECT d.delivery_id FROM subscription s JOIN owed o ON o.subscription_id = s.subscription_id
      JOIN delivery d ON d.delivery_id = o.delivery_id
      WHERE s.shop_id = ${tx.shopId} AND d.shop_id = ${tx.shopId} AND d.state = 'pending' LIMIT ${CANCEL_BATCH}
      FOR UPDATE OF d)`;
  return cancelled === CANCEL_BATCH;
}
