// The shop's newest ledger entries, for the home page.
import type { ShopTx } from "../platform/db.server.ts";
import type { StatementRow } from "./queries.server.ts";

export const ACTIVITY_ROWS = 8;

export type Activity = StatementRow & {
  readonly memberId: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly customerId: string | null;
};

/** The newest entries of all members, with whose they are. Entry ids sort by time. */
export function newestEntries(tx: ShopTx): Promise<Activity[]> {
  return tx.db.$queryRaw<Activity[]>`
    SELECT e.entry_id AS id, e.kind, e.points, e.qualifying, e.shortfall, e.order_id AS "orderId", o.name AS "orderName",
      e.actor, e.reason, e.balance_after AS "balanceAfter", e.position, e.occurred_at AS "occurredAt",
      m.member_id AS "memberId", m.first_name AS "firstName", m.last_name AS "lastName", m.email,
      m.customer_id AS "customerId"
    FROM ledger_entry e
    JOIN member m ON m.shop_id = e.shop_id AND m.member_id = e.member_id
    LEFT JOIN "order" o ON o.shop_id = e.shop_id AND o.order_id = e.order_id
    WHERE e.shop_id = ${tx.shopId}
    ORDER BY e.entry_id DESC LIMIT ${ACTIVITY_ROWS}`;
}
