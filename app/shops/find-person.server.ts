// Finds whatever is held of one person: memberships (merged ones too) and orders, by customer, address and order.
import type { ShopTx } from "../platform/db.server.ts";
import type { Person } from "../shopify/shop-life.ts";

/** Merges of one person that are followed. */
const MERGES_MAX = 20;

export type Found = {
  readonly memberIds: readonly string[];
  /** Digits: the person's own, and those that were merged into it. */
  readonly customerIds: readonly string[];
  /** Digits. */
  readonly orderIds: readonly string[];
  /** Every address that is known of the person. */
  readonly emails: readonly string[];
};

/**
 * What the shop holds of a person. A member is found by customer id only: an address may be shared or reassigned, and
 * another customer's account is never touched. A guest's orders are found by address or by id.
 */
export async function findPerson(tx: ShopTx, person: Person): Promise<Found> {
  const members = await tx.db.$queryRaw<{ id: string; customerId: string | null; email: string | null }[]>`
    WITH RECURSIVE same (member_id, customer_id, email, depth) AS (
      SELECT member_id, customer_id, email, 0 FROM member
       WHERE shop_id = ${tx.shopId} AND customer_id = ${person.customerId}
      UNION
      SELECT m.member_id, m.customer_id, m.email, same.depth + 1
        FROM member m JOIN same ON m.merged_into = same.customer_id
       WHERE m.shop_id = ${tx.shopId} AND same.depth < ${MERGES_MAX}
    )
    SELECT DISTINCT member_id AS id, customer_id AS "customerId", email FROM same`;
  const memberIds = members.map(({ id }) => id);
  const ownIds = members.map(({ customerId }) => customerId).concat(person.customerId);
  const customerIds = [...new Set(ownIds.filter((id) => id !== null))];
  const known = members.map(({ email }) => email).concat(person.email);
  const emails = [...new Set(known.filter((email) => email !== null))];
  // An order that Shopify names by id but that is another member's by now stays that member's.
  const orders = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT order_id AS id FROM "order"
    WHERE shop_id = ${tx.shopId} AND (member_id = ANY (${memberIds}::text[]) OR customer_id = ANY (${customerIds}::text[])
      OR (member_id IS NULL AND (guest_email = ANY (${emails}::text[]) OR order_id = ANY (${[...person.orderIds]}::text[]))))`;
  return { memberIds, customerIds, orderIds: orders.map(({ id }) => id), emails };
}
