// Writes an order's row after it was settled: facts, owner, pin, what was posted, and the decision record.
import { digitsOf } from "../loyalty/ids.ts";
import type { ShopTx } from "../platform/db.server.ts";
import type { StoredOrder } from "./stored-order.ts";

/** Saves an order whose row the caller has locked, by COMMIT. */
export function saveOrder(tx: ShopTx, order: StoredOrder, at: Date): void {
  const { known, pin } = order;
  const saved = tx.db.$executeRaw`
    UPDATE "order" SET name = ${order.name}, member_id = ${order.memberId},
      customer_id = ${known.customer ? digitsOf(known.customer.gid) : null}, guest_email = ${order.guestEmail},
      facts = ${JSON.stringify(known)}::jsonb, processed_at = ${order.processedAt}::timestamptz,
      pinned_version = ${pin?.version ?? null}::int, pinned_tier_id = ${pin?.tierId ?? null},
      pinned_multiplier = ${pin?.multiplier ?? null}, posted_points = ${order.posted}, postings = ${order.postings},
      decision = ${order.decision ? JSON.stringify(order.decision) : null}::jsonb, changed_at = ${at}
    WHERE shop_id = ${tx.shopId} AND order_id = ${order.id}`;
  tx.unawaited(saved);
}
