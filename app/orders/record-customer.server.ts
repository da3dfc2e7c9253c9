// What a customer's webhook does: enrol, keep the profile, match earlier guest orders; or end the membership.
import { digitsOf } from "../loyalty/ids.ts";
import type { CustomerGid, ShopId } from "../loyalty/ids.ts";
import { deactivate } from "../members/deactivate.server.ts";
import { lockMembers } from "../members/lock.server.ts";
import { updateProfile } from "../members/update-profile.server.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";
import type { CustomerSeen } from "../shopify/customer.ts";
import { enrolMember } from "../tiers/enrol-member.server.ts";
import { matchGuestOrders } from "./match-guest-orders.server.ts";

/** customers/create and customers/update: the customer is a member with this profile afterwards. Safe to repeat. */
export async function recordCustomer(shop: ShopId, customer: CustomerSeen): Promise<{ memberId: string }> {
  const member = await inShop(shop, async (tx) => {
    const at = now();
    const program = await currentProgram(tx);
    const found = await enrolMember(tx, customer, { source: "customer", program, at });
    // A body that names the customer who was merged away says nothing about the one who was kept.
    const isAnother = found.member.customerId !== digitsOf(customer.gid);
    return found.created || isAnother ? found.member : updateProfile(tx, found.member, customer, at);
  });
  if (member.emailVerified) await matchGuestOrders(shop, member.id);
  return { memberId: member.id };
}

/** customers/delete: the member takes no further part; the ledger stays. Safe to repeat. */
export async function recordCustomerDeleted(shop: ShopId, customer: CustomerGid): Promise<void> {
  await inShop(shop, async (tx) => {
    const [member] = await lockMembers(tx, { customerIds: [digitsOf(customer)] });
    if (member) await deactivate(tx, member, { reason: "deleted", actor: "shopify", at: now() });
  });
}
