// Reads of orders: a member's, with the record of why each earned what it earned; and guests' that wait.
import type { Decision } from "../loyalty/decision.ts";
import type { ShopTx } from "../platform/db.server.ts";

export const ORDERS_PAGE = 25;

export type OrderRow = {
  /** Digits of the gid. */
  readonly id: string;
  readonly name: string;
  readonly memberId: string | null;
  readonly processedAt: Date | null;
  readonly posted: number;
  /** Null while only a refund is known of the order. */
  readonly decision: Decision | null;
};

/** A member's orders, newest first; `skip` counts rows of earlier pages. */
export async function ordersOf(tx: ShopTx, memberId: string, skip = 0): Promise<readonly OrderRow[]> {
  return tx.db.$queryRaw<OrderRow[]>`
    SELECT order_id AS id, name, member_id AS "memberId", processed_at AS "processedAt", posted_points AS posted, decision
    FROM "order" WHERE shop_id = ${tx.shopId} AND member_id = ${memberId}
    ORDER BY processed_at DESC NULLS LAST, order_id DESC LIMIT ${ORDERS_PAGE} OFFSET ${Math.max(0, skip)}`;
}

/** One order by the digits of its gid, matched or not; null where none is known. */
export async function orderById(tx: ShopTx, orderId: string): Promise<OrderRow | null> {
  const [order] = await tx.db.$queryRaw<OrderRow[]>`
    SELECT order_id AS id, name, member_id AS "memberId", processed_at AS "processedAt", posted_points AS posted, decision
    FROM "order" WHERE shop_id = ${tx.shopId} AND order_id = ${orderId}`;
  return order ?? null;
}
