// Keeps a member's profile as Shopify has it, and says what changed.
import { record } from "../events/record.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import type { CustomerSeen } from "../shopify/customer.ts";
import { timeFrom } from "../shopify/fields.ts";
import { about } from "./member.ts";
import type { Member } from "./member.ts";

type Change = { before: string | null; after: string | null };
type Changes = Partial<Record<"email" | "first_name" | "last_name", Change>>;

/**
 * Writes the profile of a locked member; sends `member.updated` where a field that is shown changed. What is older than
 * the profile that is kept changes nothing.
 */
export async function updateProfile(
  tx: ShopTx,
  member: Member,
  customer: CustomerSeen,
  at: Date,
): Promise<Member> {
  const asOf = timeFrom(customer.updatedAt);
  if (asOf !== null && member.profileAsOf !== null && asOf < member.profileAsOf) return member;
  const changes = changesOf(member, customer);
  const isSame = Object.keys(changes).length === 0;
  const isNewer = asOf !== null && (member.profileAsOf === null || asOf > member.profileAsOf);
  if (isSame && !isNewer && member.emailVerified === customer.emailVerified) return member;
  await tx.db.$executeRaw`
    UPDATE member SET email = ${customer.email}, email_verified = ${customer.emailVerified},
      first_name = ${customer.firstName}, last_name = ${customer.lastName}, phone = ${customer.phone},
      locale = ${customer.locale}, profile_as_of = coalesce(${asOf}::timestamptz, profile_as_of)
    WHERE shop_id = ${tx.shopId} AND member_id = ${member.id}`;
  const { email, emailVerified, firstName, lastName } = customer;
  const profileAsOf = asOf ?? member.profileAsOf;
  const updated = { ...member, email, emailVerified, firstName, lastName, profileAsOf };
  if (!isSame) {
    const data = { ...about(updated), changes };
    record(tx, { type: "member.updated", memberId: member.id, occurredAt: at, data });
  }
  return updated;
}

function changesOf(member: Member, customer: CustomerSeen): Changes {
  const fields = [
    ["email", member.email, customer.email],
    ["first_name", member.firstName, customer.firstName],
    ["last_name", member.lastName, customer.lastName],
  ] as const;
  const changed = fields.filter(([, before, after]) => before !== after);
  return Object.fromEntries(changed.map(([field, before, after]) => [field, { before, after }]));
}
