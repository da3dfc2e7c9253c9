// The events that an order sends, from what was posted for it.
import type { EventData } from "../events/catalogue.ts";
import type { Posted } from "../ledger/entry.ts";
import type { Decision } from "../loyalty/decision.ts";
import { decimalFrom, minorFrom } from "../loyalty/money.ts";
import { about, balancesOf } from "../members/member.ts";
import type { Member } from "../members/member.ts";
import type { StoredOrder } from "./stored-order.ts";

/** The name under which orders earn; campaigns and other rules will have their own. */
const ORDER_RULE = { id: "order", name: "Order" };

function gidOf(order: StoredOrder): string {
  return `gid://shopify/Order/${order.id}`;
}

function numberOf(order: StoredOrder): string | null {
  return order.known.state?.number ?? null;
}

/** Mage's eight fields, then ours. */
export function earned(order: StoredOrder, posted: Posted, decision: Decision): EventData<"points.earned"> {
  const { member, entry, entryId, lotId } = posted;
  const { points_balance, points_pending, points_reserved, lifetime_points } = balancesOf(member);
  const { shopify_customer_id, email, member_id } = about(member);
  const lot =
    lotId === null ? null : { id: lotId, available_from: entry.occurredAt.toISOString(), expires_at: null };
  return {
    shopify_customer_id,
    email,
    points_earned: entry.points,
    points_balance,
    lifetime_points,
    source: "earning_rule",
    earning_rule_name: ORDER_RULE.name,
    order_number: numberOf(order),
    member_id,
    ledger_entry_id: entryId,
    lot,
    order_id: gidOf(order),
    rule_id: ORDER_RULE.id,
    base_points: decision.basePoints,
    multiplier: decision.multiplier,
    points_pending,
    points_reserved,
  };
}

export type ReversalReason = EventData<"points.reversed">["reason"];

/** What a reversal tells; `refundId` where one refund caused it. */
export function reversed(
  order: StoredOrder,
  posted: Posted & { readonly reversed: readonly string[] },
  why: { reason: ReversalReason; refundId: string | null },
): EventData<"points.reversed"> {
  const { member, entry, entryId } = posted;
  return {
    ...about(member),
    direction: "earned",
    points: entry.shortfall - entry.points,
    unrecovered_points: entry.shortfall,
    order_id: gidOf(order),
    order_number: numberOf(order),
    refund_id: why.refundId,
    reason: why.reason,
    ledger_entry_id: entryId,
    reversed_entry_ids: [...posted.reversed],
    ...balancesOf(member),
  };
}

/** An order seen for the first time; amounts in the order's own currency where it is not the shop's. */
export function recorded(
  order: StoredOrder,
  member: Member | null,
  email: string | null,
): EventData<"order.recorded"> {
  const { state } = order.known;
  const currency = state?.currency ?? null;
  const total = state?.total && currency ? minorFrom(state.total, currency) : null;
  return {
    shopify_customer_id: member?.customerId ?? null,
    email: member?.email ?? email,
    member_id: member?.id ?? null,
    order_id: gidOf(order),
    order_number: numberOf(order),
    amount: total !== null && currency ? decimalFrom(total, currency) : null,
    currency,
    eligible_amount:
      order.decision?.excluded === "another_currency" ? null : (order.decision?.eligible ?? null),
    matched: member !== null,
  };
}

/** An order that found its member. */
export function matched(
  order: StoredOrder,
  member: Member,
  by: { matchedBy: EventData<"order.matched">["matched_by"]; points: number },
): EventData<"order.matched"> {
  return {
    ...about(member),
    order_id: gidOf(order),
    order_number: numberOf(order),
    matched_by: by.matchedBy,
    points_awarded: by.points,
  };
}
