// Whose order it is: the customer that Shopify names, else the member with the guest's verified address.
import type { ShopTx } from "../platform/db.server.ts";
import { digitsOf } from "../loyalty/ids.ts";
import { lockMembers, lockSuccessor } from "../members/lock.server.ts";
import type { Member } from "../members/member.ts";
import type { CustomerSeen } from "../shopify/customer.ts";
import { enrolMember } from "../tiers/enrol-member.server.ts";
import type { Rules, StoredOrder } from "./stored-order.ts";

export type Owner = {
  /** Locked; null for a guest without a match. */
  readonly member: Member | null;
  /** Whose the order was until now, where that is somebody else; locked. */
  readonly previous: Member | null;
  readonly created: boolean;
  /** How an order that came without its customer found the member; null where Shopify named the customer. */
  readonly matchedBy: "email" | null;
};

type Asked = { order: StoredOrder; rules: Rules; customer: CustomerSeen | null; at: Date };

/** Finds and locks the order's owner, and who owned it before; a customer who is no member yet is enrolled. */
export async function findOwner(tx: ShopTx, asked: Asked): Promise<Owner> {
  const { order } = asked;
  const named = order.known.customer;
  if (!named && order.memberId === null) return matchByEmail(tx, order.guestEmail);
  const customerId = named ? digitsOf(named.gid) : null;
  const locked = await lockMembers(tx, {
    ids: order.memberId === null ? [] : [order.memberId],
    customerIds: customerId === null ? [] : [customerId],
  });
  const before = locked.find((member) => member.id === order.memberId) ?? null;
  const known =
    customerId === null ? before : (locked.find((member) => member.customerId === customerId) ?? null);
  const { member, created } = known
    ? { member: await lockSuccessor(tx, known), created: false }
    : await enrolNamed(tx, asked, before);
  const moved = before !== null && before.id !== member?.id;
  return { member, previous: moved ? before : null, created, matchedBy: null };
}

// A customer whom only an older body names, and who was erased since, is not enrolled again.
async function enrolNamed(
  tx: ShopTx,
  { order, rules, customer, at }: Asked,
  before: Member | null,
): Promise<{ member: Member | null; created: boolean }> {
  if (!customer || customer.gid !== order.known.customer?.gid) return { member: before, created: false };
  return enrolMember(tx, customer, { source: "order", program: rules, at });
}

async function matchByEmail(tx: ShopTx, email: string | null): Promise<Owner> {
  const member = email === null ? null : await lockByVerifiedEmail(tx, email);
  return { member, previous: null, created: false, matchedBy: member ? "email" : null };
}

/** The active member whose address Shopify has verified; the oldest where several share it. Locked. */
async function lockByVerifiedEmail(tx: ShopTx, email: string): Promise<Member | null> {
  const [found] = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT member_id AS id FROM member
    WHERE shop_id = ${tx.shopId} AND email = ${email} AND email_verified AND state = 'active'
    ORDER BY joined_at, member_id LIMIT 1`;
  if (!found) return null;
  const [member] = await lockMembers(tx, { ids: [found.id] });
  return member?.state === "active" ? member : null;
}

/**
 * Serialises what happens to one address until the end of the transaction: a guest's order and a new customer with the
 * same address would else miss each other. Taken before any row is locked.
 */
export async function lockEmail(tx: ShopTx, email: string): Promise<void> {
  await tx.db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`${tx.shopId} ${email}`}, 0))`;
}
