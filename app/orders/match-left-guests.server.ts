// Every hour: guest orders that a process left unmatched when it died between enrolling their customer and matching.
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { Step } from "../platform/upkeep.server.ts";
import { matchGuestOrders } from "./match-guest-orders.server.ts";

/** Members that one step matches; each has its own transactions. */
export const LEFT_BATCH = 25;

/** Matches the orders of the next members after `after` who have some; found = orders matched. */
export async function matchLeftGuests(shop: ShopId, after: string): Promise<Step> {
  const members = await inShop(
    shop,
    (tx) => tx.db.$queryRaw<{ id: string }[]>`
      SELECT member_id AS id FROM member m
      WHERE shop_id = ${shop} AND member_id > ${after} AND email_verified AND state = 'active'
        AND EXISTS (SELECT FROM "order" o
          WHERE o.shop_id = ${shop} AND o.guest_email = m.email AND o.member_id IS NULL)
      ORDER BY member_id LIMIT ${LEFT_BATCH}`,
  );
  let found = 0;
  for (const { id } of members) found += await matchGuestOrders(shop, id);
  return { after: members.length < LEFT_BATCH ? null : (members.at(-1)?.id ?? null), found };
}
