// What an order does: one transaction from the body that Shopify sent to ledger entries, events and owed deliveries.
//
// Round trips of an ordinary paid order of a known member, held by tests/orders/round-trips.test.ts: three.
//   begin for the shop, open (receipt, order row, rules) · lock the member ·
//   post, save the order, events with their deliveries, commit
import { record } from "../events/record.server.ts";
import { pointsFor } from "../loyalty/earning.ts";
import { foldOrder } from "../loyalty/fold-order.ts";
import { digitsOf } from "../loyalty/ids.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { Member } from "../members/member.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import { matchGuestOrders } from "./match-guest-orders.server.ts";
import { openOrder, whyNotOpened } from "./open-order.server.ts";
import type { OpenedOrder } from "./open-order.server.ts";
import { matched, recorded } from "./order-events.ts";
import { findOwner, lockEmail } from "./owner.server.ts";
import type { Owner } from "./owner.server.ts";
import { dateFrom, inputFrom } from "./received.ts";
import type { Received, Told } from "./received.ts";
import { saveOrder } from "./save-order.server.ts";
import { handOver, settleOrder } from "./settle-order.server.ts";
import type { Settling } from "./settle-order.server.ts";
import { termsOf } from "./stored-order.ts";
import type { StoredOrder } from "./stored-order.ts";

export type Recorded = {
  readonly orderId: string;
  readonly memberId: string | null;
  /** What this webhook changed, signed. */
  readonly points: number;
  /** True for a webhook that was seen before: nothing was done. */
  readonly repeated: boolean;
};

/**
 * Records what a webhook tells about an order. Refuses (with nothing written) an unknown shop and a webhook id that
 * came with another body before. A repeated webhook changes nothing. Safe to repeat after any failure.
 */
export async function recordOrder(shop: ShopId, told: Told, received: Received): Promise<Result<Recorded>> {
  const done = await inShop(shop, (tx) => recordIn(tx, told, received));
  if (!done.ok) return done;
  const { newcomer, ...value } = done.value;
  // The newcomer's earlier orders as a guest; after a failure here the member's customer webhooks match them.
  if (newcomer) await matchGuestOrders(shop, newcomer);
  return accept(value);
}

type Done = Recorded & { readonly newcomer: string | null };

async function recordIn(tx: ShopTx, told: Told, received: Received): Promise<Result<Done>> {
  const orderId = digitsOf(told.kind === "order" ? told.seen.facts.id : told.seen.order);
  const guestEmail = guestEmailOf(told);
  if (guestEmail !== null) await lockEmail(tx, guestEmail);
  const opened = await openOrder(tx, orderId, received);
  if (!opened) return notOpened(tx, orderId, received);
  const order = folded(opened.order, told, received);
  const customer = told.kind === "order" ? told.seen.customer : null;
  const owner = await findOwner(tx, { order, rules: opened.rules, customer, at: received.at });
  const done = await settle(tx, { before: opened, order, owner, received });
  saveOrder(tx, done.order, received.at);
  const { points } = done;
  log.info("order.recorded", { shop: tx.shopId, order: orderId, topic: received.topic, points });
  const newcomer = owner.created && owner.member?.emailVerified ? owner.member.id : null;
  return accept({ orderId, memberId: owner.member?.id ?? null, points, repeated: false, newcomer });
}

function guestEmailOf(told: Told): string | null {
  return told.kind === "order" && !told.seen.customer ? told.seen.email : null;
}

async function notOpened(tx: ShopTx, orderId: string, received: Received): Promise<Result<Done>> {
  const why = await whyNotOpened(tx, received);
  if (why === "repeated")
    return accept({ orderId, memberId: null, points: 0, repeated: true, newcomer: null });
  log.warn("order.refused", { shop: tx.shopId, order: orderId, topic: received.topic, why });
  return refuse(why === "reused" ? "webhook_reused" : "shop_unknown");
}

function folded(order: StoredOrder, told: Told, received: Received): StoredOrder {
  const known = foldOrder(order.known, inputFrom(told, received));
  const processedAt = told.kind === "order" ? (dateFrom(told.seen.processedAt) ?? received.at) : null;
  const isGuest = known.customer === null && order.memberId === null;
  return {
    ...order,
    known,
    name: known.state?.name ?? order.name,
    processedAt: order.processedAt ?? processedAt,
    guestEmail: isGuest ? (order.guestEmail ?? guestEmailOf(told)) : null,
  };
}

type Step = { before: OpenedOrder; order: StoredOrder; owner: Owner; received: Received };

async function settle(tx: ShopTx, step: Step): Promise<{ order: StoredOrder; points: number }> {
  const { before, owner, received } = step;
  const { rules } = before;
  const settling: Settling = {
    order: step.order,
    rules,
    at: received.at,
    why: whyReversed(before.order, step.order),
  };
  const handed = owner.previous ? await handOver(tx, owner.previous, settling) : step.order;
  const decision = pointsFor(handed.known, termsOf(handed, rules, owner.member));
  const order = { ...handed, decision };
  if (!before.order.known.state && order.known.state) announce(tx, { ...step, order });
  if (!owner.member) return { order, points: 0 };
  const owned = { ...order, memberId: owner.member.id, guestEmail: null };
  const settled = await settleOrder(tx, owner.member, decision, { ...settling, order: owned });
  tellMatched(tx, { ...step, order: settled.order }, { member: owner.member, points: settled.points });
  return settled;
}

function announce(tx: ShopTx, { order, owner, received }: Step): void {
  const data = recorded(order, owner.member, order.guestEmail);
  const memberId = owner.member?.id ?? null;
  record(tx, { type: "order.recorded", memberId, orderId: order.id, occurredAt: received.at, data });
}

// Matched: by the address at any time, or because Shopify names the customer of an order that came without one.
function tellMatched(tx: ShopTx, step: Step, to: { member: Member; points: number }): void {
  const wasGuest = step.before.order.known.state !== null && step.before.order.memberId === null;
  const matchedBy = step.owner.matchedBy ?? (wasGuest ? "customer" : null);
  if (!matchedBy) return;
  const { member, points } = to;
  const data = matched(step.order, member, { matchedBy, points });
  const about = { memberId: member.id, orderId: step.order.id, occurredAt: step.received.at };
  record(tx, { ...about, type: "order.matched", data });
}

function whyReversed(before: StoredOrder, after: StoredOrder): Settling["why"] {
  if (after.known.state?.cancelled) return { reason: "cancelled", refundId: null };
  const known = new Set(before.known.refunds.map((refund) => refund.id));
  const [first, ...others] = after.known.refunds.filter((refund) => !known.has(refund.id));
  const isRefunded = after.known.state?.financialStatus === "refunded";
  if (!first) return { reason: isRefunded ? "refund" : "edit", refundId: null };
  return { reason: "refund", refundId: others.length === 0 ? first.id : null };
}
