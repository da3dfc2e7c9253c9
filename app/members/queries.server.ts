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
