// Takes the lock of every member that a use case changes, always in the order of their ids.
import type { ShopTx } from "../platform/db.server.ts";
import { MEMBER_COLUMNS } from "./columns.server.ts";
import type { Member } from "./member.ts";

/** Merges may follow one another; a chain longer than this is a broken one. */
const MAX_MERGES = 5;

/** Locks the members with these ids, and those of these customers (digits). One statement; unknown ones are left out. */
export async function lockMembers(
  tx: ShopTx,
  asked: { ids?: readonly string[]; customerIds?: readonly string[] },
): Promise<readonly Member[]> {
  return tx.db.$queryRaw<Member[]>`
    SELECT ${MEMBER_COLUMNS} FROM member
    WHERE shop_id = ${tx.shopId}
      AND (member_id = ANY(${[...(asked.ids ?? [])]}::text[]) OR customer_id = ANY(${[...(asked.customerIds ?? [])]}::text[]))
    ORDER BY member_id FOR UPDATE`;
}

/** Follows merges: the member who has taken over from `member`, locked; itself where none has. */
export async function lockSuccessor(tx: ShopTx, member: Member): Promise<Member> {
  let current = member;
  for (let step = 0; step < MAX_MERGES && current.mergedInto !== null; step += 1) {
    const [next] = await lockMembers(tx, { customerIds: [current.mergedInto] });
    if (!next) return current;
    current = next;
  }
  return current;
}
