// Gives a member the orders that were placed as a guest with the same verified address, oldest first; or one by hand.
import { record } from "../events/record.server.ts";
import { pointsFor } from "../loyalty/earning.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { lockMembers } from "../members/lock.server.ts";
import type { Member } from "../members/member.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { openOrder } from "./open-order.server.ts";
import type { OpenedOrder } from "./open-order.server.ts";
import { matched } from "./order-events.ts";
import { lockEmail } from "./owner.server.ts";
import { saveOrder } from "./save-order.server.ts";
import { settleOrder } from "./settle-order.server.ts";
import { termsOf } from "./stored-order.ts";

/** Orders matched in one transaction; a member with more is matched in several. */
const MATCH_BATCH = 25;
const MAX_BATCHES = 200;

/** Matches all guest orders of the member's verified address. Safe to repeat; does nothing for an unverified one. */
export async function matchGuestOrders(shop: ShopId, memberId: string): Promise<number> {
  let total = 0;
  for (let batch = 0; batch < MAX_BATCHES; batch += 1) {
    const count = await inShop(shop, (tx) => matchBatch(tx, memberId));
    total += count;
    if (count < MATCH_BATCH) return total;
  }
  return total;
}

async function matchBatch(tx: ShopTx, memberId: string): Promise<number> {
  const [asked] = await tx.db.$queryRaw<{ email: string | null }[]>`
    SELECT email FROM member
    WHERE shop_id = ${tx.shopId} AND member_id = ${memberId} AND email_verified AND state = 'active'`;
  if (!asked?.email) return 0;
  await lockEmail(tx, asked.email);
  // Orders before members, as everywhere.
  const found = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT order_id AS id FROM "order"
    WHERE shop_id = ${tx.shopId} AND guest_email = ${asked.email} AND member_id IS NULL
    ORDER BY processed_at, order_id LIMIT ${MATCH_BATCH}`;
  const at = now();
  const opened: OpenedOrder[] = [];
  for (const { id } of [...found].sort((a, b) => (a.id < b.id ? -1 : 1)))
    opened.push(...(await reopen(tx, id, at)));
  const [member] = await lockMembers(tx, { ids: [memberId] });
  if (member?.state !== "active" || member.email !== asked.email) return 0;
  const inTurn = found.flatMap(({ id }) => opened.find(({ order }) => order.id === id) ?? []);
  let current = member;
  for (const one of inTurn) current = await giveTo(tx, current, { ...one, matchedBy: "email", at });
  return found.length;
}

async function reopen(tx: ShopTx, orderId: string, at: Date): Promise<readonly OpenedOrder[]> {
  const opened = await openOrder(tx, orderId, {
    topic: "match",
    webhookId: null,
    bodyHash: "",
    triggeredAt: null,
    at,
  });
  return opened && opened.order.memberId === null ? [opened] : [];
}

type Match = OpenedOrder & { matchedBy: "email" | "manual"; at: Date };

async function giveTo(tx: ShopTx, member: Member, match: Match): Promise<Member> {
  const { rules, at } = match;
  const order = { ...match.order, memberId: member.id, guestEmail: null };
  const decision = pointsFor(order.known, termsOf(order, rules, member));
  const why = { reason: "edit", refundId: null } as const;
  const settled = await settleOrder(tx, member, decision, { order, rules, at, why });
  saveOrder(tx, settled.order, at);
  const data = matched(settled.order, member, { matchedBy: match.matchedBy, points: settled.points });
  record(tx, { type: "order.matched", memberId: member.id, orderId: order.id, occurredAt: at, data });
  return settled.member;
}

/** Gives one guest order to a member by hand. Refuses an unknown or matched order, an unknown or inactive member. */
export async function matchByHand(
  shop: ShopId,
  orderId: string,
  memberId: string,
): Promise<Result<{ memberId: string }>> {
  return inShop(shop, async (tx) => {
    const at = now();
    const [known] = await tx.db.$queryRaw<{ memberId: string | null }[]>`
      SELECT member_id AS "memberId" FROM "order" WHERE shop_id = ${tx.shopId} AND order_id = ${orderId}`;
    if (!known) return refuse("order_unknown");
    const [opened] = await reopen(tx, orderId, at);
    if (!opened) return refuse("order_already_matched");
    const [member] = await lockMembers(tx, { ids: [memberId] });
    if (!member) return refuse("member_unknown");
    if (member.state !== "active") return refuse("member_inactive");
    await giveTo(tx, member, { ...opened, matchedBy: "manual", at });
    return accept({ memberId: member.id });
  });
}
