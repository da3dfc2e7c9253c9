// Reads of one member, for the page, the API and the storefront block.
import type { ShopTx } from "../platform/db.server.ts";
import { MEMBER_COLUMNS } from "./columns.server.ts";
import type { Member } from "./member.ts";

/** The member, unlocked; null where the shop has none with this id. */
export async function memberById(tx: ShopTx, memberId: string): Promise<Member | null> {
  const [member] = await tx.db.$queryRaw<Member[]>`
    SELECT ${MEMBER_COLUMNS} FROM member WHERE shop_id = ${tx.shopId} AND member_id = ${memberId}`;
  return member ?? null;
}

/**
 * The id of the member with this e-mail address or Shopify customer id; null where the shop has none. Of several with one
 * address it is whom a guest's order goes to: who was merged into another keeps the address.
 */
export async function memberKnownAs(tx: ShopTx, text: string): Promise<string | null> {
  const { shopId } = tx;
  const known = await tx.db.member.findFirst({
    where: { shopId, OR: [{ email: text.toLowerCase() }, { email: text }, { customerId: text }] },
    select: { id: true },
    // "active" sorts before every other state.
    orderBy: [{ state: "asc" }, { emailVerified: "desc" }, { joinedAt: "asc" }, { id: "asc" }],
  });
  return known?.id ?? null;
}

/** As `memberKnownAs`, for a member's own id too; that one is not looked up. */
export async function memberNamed(tx: ShopTx, text: string): Promise<string | null> {
  return text.startsWith("mem_") && !text.includes("@") ? text : memberKnownAs(tx, text);
}
