// Enrols a customer in the shop's program: once, whoever asks first.
import { record } from "../events/record.server.ts";
import { digitsOf } from "../loyalty/ids.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";
import type { CustomerSeen } from "../shopify/customer.ts";
import { timeFrom } from "../shopify/fields.ts";
import { MEMBER_COLUMNS } from "./columns.server.ts";
import { lockMembers } from "./lock.server.ts";
import { about } from "./member.ts";
import type { Member } from "./member.ts";

export type EnrolledBy = "customer" | "order" | "merge" | "manual" | "api" | "import";

/**
 * The member of this customer, locked; enrolled now where there was none, which sends `member.created`. `tier` is the
 * name of the tier that the caller settles next.
 */
export async function enrol(
  tx: ShopTx,
  customer: CustomerSeen,
  by: { source: EnrolledBy; tier: string | null; at: Date },
): Promise<{ member: Member; created: boolean }> {
  const customerId = digitsOf(customer.gid);
  const [known] = await lockMembers(tx, { customerIds: [customerId] });
  if (known) return { member: known, created: false };
  const [created] = await tx.db.$queryRaw<Member[]>`
    INSERT INTO member (member_id, shop_id, customer_id, email, email_verified, first_name, last_name, phone, locale,
      profile_as_of, joined_at, last_activity_at)
    VALUES (${newId("mem")}, ${tx.shopId}, ${customerId}, ${customer.email}, ${customer.emailVerified},
      ${customer.firstName}, ${customer.lastName}, ${customer.phone}, ${customer.locale},
      ${timeFrom(customer.updatedAt)}::timestamptz, ${by.at}, ${by.at})
    ON CONFLICT (shop_id, customer_id) DO NOTHING
    RETURNING ${MEMBER_COLUMNS}`;
  if (created) {
    recordCreated(tx, created, by);
    return { member: created, created: true };
  }
  // Somebody else enrolled the customer between the two statements, and has committed by now.
  const [other] = await lockMembers(tx, { customerIds: [customerId] });
  if (!other) throw new Error(`Customer ${customerId} is neither enrolled nor free to be enrolled`);
  return { member: other, created: false };
}

function recordCreated(
  tx: ShopTx,
  member: Member,
  by: { source: EnrolledBy; tier: string | null; at: Date },
): void {
  record(tx, {
    type: "member.created",
    memberId: member.id,
    occurredAt: by.at,
    data: {
      ...about(member),
      source: by.source,
      tier: by.tier,
      referral_code: null,
      referred_by: null,
      created_at: by.at.toISOString(),
    },
  });
}
