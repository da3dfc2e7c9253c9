// customers/merge: what one customer had becomes another's, orders and points as they are.
import { moveAccount } from "../ledger/merge.server.ts";
import { digitsOf } from "../loyalty/ids.ts";
import type { CustomerGid, ShopId } from "../loyalty/ids.ts";
import { deactivate } from "../members/deactivate.server.ts";
import { lockMembers } from "../members/lock.server.ts";
import type { Member } from "../members/member.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { enrolMember } from "../tiers/enrol-member.server.ts";
import { settleTier } from "../tiers/settle.server.ts";

/** Merges the deleted customer's member into the kept one's, who is enrolled if need be. Safe to repeat. */
export async function mergeCustomers(
  shop: ShopId,
  merge: { kept: CustomerGid; deleted: CustomerGid },
): Promise<void> {
  if (merge.kept === merge.deleted) return;
  await inShop(shop, async (tx) => {
    const [keptId, deletedId] = [digitsOf(merge.kept), digitsOf(merge.deleted)];
    await lockOrdersOf(tx, deletedId);
    const locked = await lockMembers(tx, { customerIds: [keptId, deletedId] });
    const from = locked.find((member) => member.customerId === deletedId);
    if (!from || from.mergedInto !== null) return;
    const known = locked.find((member) => member.customerId === keptId);
    await mergeMembers(tx, from, known ?? (await enrolKept(tx, merge.kept)));
  });
}

// Orders before members, as everywhere: a webhook for one of these orders would else wait for us, and we for it.
async function lockOrdersOf(tx: ShopTx, customerId: string): Promise<void> {
  await tx.db.$queryRaw`
    SELECT o.order_id FROM "order" o JOIN member m ON m.shop_id = o.shop_id AND m.member_id = o.member_id
    WHERE o.shop_id = ${tx.shopId} AND m.customer_id = ${customerId} ORDER BY o.order_id FOR UPDATE OF o`;
}

// Shopify's merge names the kept customer by id only; the profile follows with the next customers/update.
async function enrolKept(tx: ShopTx, gid: CustomerGid): Promise<Member> {
  const nothing = { email: null, emailVerified: false, firstName: null, lastName: null };
  const customer = { gid, ...nothing, phone: null, locale: null, updatedAt: null };
  const program = await currentProgram(tx);
  const { member } = await enrolMember(tx, customer, { source: "merge", program, at: now() });
  return member;
}

async function mergeMembers(tx: ShopTx, from: Member, to: Member): Promise<void> {
  const at = now();
  const program = await currentProgram(tx);
  const moved = await moveAccount(tx, from, to, at);
  await tx.db.$executeRaw`
    UPDATE "order" SET member_id = ${to.id} WHERE shop_id = ${tx.shopId} AND member_id = ${from.id}`;
  settleTier(tx, moved.to, { cause: "merge", program, at, entryId: null, trigger: null });
  await deactivate(tx, from, { reason: "merged", actor: "shopify", mergedInto: to, at });
}
