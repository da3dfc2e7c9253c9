// Posts the difference between what an order ought to have given and what it has given, and says so in events.
import { record } from "../events/record.server.ts";
import { earnFromOrder, takeBackFromOrder } from "../ledger/order-points.server.ts";
import type { OrderPoints } from "../ledger/order-points.server.ts";
import { balanceChanged } from "../ledger/entry.ts";
import type { Posted } from "../ledger/entry.ts";
import type { Decision } from "../loyalty/decision.ts";
import { roomIn } from "../loyalty/points.ts";
import type { Member } from "../members/member.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { settleTier } from "../tiers/settle.server.ts";
import type { TierCause } from "../tiers/settle.server.ts";
import { earned, reversed } from "./order-events.ts";
import type { ReversalReason } from "./order-events.ts";
import { termsOf } from "./stored-order.ts";
import type { Rules, StoredOrder } from "./stored-order.ts";

export type Settling = {
  readonly order: StoredOrder;
  readonly rules: Rules;
  readonly at: Date;
  readonly why: { readonly reason: ReversalReason; readonly refundId: string | null };
};
export type Settled = { readonly order: StoredOrder; readonly member: Member; readonly points: number };

/** Posts `decision.points − posted` to the locked member and settles the tier; a difference of zero posts nothing. */
export async function settleOrder(
  tx: ShopTx,
  member: Member,
  decision: Decision,
  settling: Settling,
): Promise<Settled> {
  const { order } = settling;
  // An inactive member is given nothing new, but what was given can still be taken back.
  const target = member.state === "active" ? decision.points : Math.min(decision.points, order.posted);
  const difference = target - order.posted;
  // What the account cannot hold is not posted: when the order is heard of again, it is still part of the difference.
  const points = Math.min(difference, roomIn(member));
  if (points > 0) return give(tx, member, { ...settling, decision, points });
  if (difference < 0) return takeBack(tx, member, { ...settling, decision, points: -difference });
  return { order: { ...order, decision }, member, points: 0 };
}

/** Takes everything back that the order gave to a member whose order it no longer is. */
export async function handOver(tx: ShopTx, previous: Member, settling: Settling): Promise<StoredOrder> {
  const { order } = settling;
  if (order.posted === 0) return order;
  const why = { reason: "customer_changed", refundId: null } as const;
  const taken = await takeBack(tx, previous, {
    ...settling,
    why,
    decision: order.decision,
    points: order.posted,
  });
  return taken.order;
}

type Movement = Settling & { decision: Decision | null; points: number };

function give(tx: ShopTx, member: Member, giving: Movement & { decision: Decision }): Settled {
  const { order, rules, decision } = giving;
  const posted = earnFromOrder(tx, member, orderPoints(giving));
  const to = { memberId: member.id, orderId: order.id, occurredAt: giving.at };
  const event = record(tx, { ...to, type: "points.earned", data: earned(order, posted, decision) });
  record(tx, { ...to, type: "points.balance_changed", data: balanceChanged(posted) });
  const trigger = { id: event, type: "points.earned" };
  const settled = settleAfter(tx, posted, { giving, cause: "order", trigger });
  const { settings, tierId, multiplier, programVersion } = termsOf(order, rules, member);
  const pin = order.pin ?? {
    version: programVersion,
    tierId,
    multiplier,
    settings: { ...rules.settings, ...settings },
  };
  return {
    order: { ...order, pin, decision, posted: order.posted + giving.points, postings: order.postings + 1 },
    member: settled,
    points: giving.points,
  };
}

async function takeBack(tx: ShopTx, member: Member, taking: Movement): Promise<Settled> {
  const { order, rules } = taking;
  const policy = rules.settings.whenSpent;
  const posted = await takeBackFromOrder(tx, member, { ...orderPoints(taking), policy });
  const to = { memberId: member.id, orderId: order.id, occurredAt: taking.at };
  const event = record(tx, {
    ...to,
    type: "points.reversed",
    data: reversed(order, posted, taking.why),
  });
  if (posted.entry.points !== 0) {
    record(tx, { ...to, type: "points.balance_changed", data: balanceChanged(posted) });
  }
  const trigger = { id: event, type: "points.reversed" };
  const settled = settleAfter(tx, posted, { giving: taking, cause: "refund", trigger });
  return {
    order: {
      ...order,
      decision: taking.decision,
      posted: order.posted - taking.points,
      postings: order.postings + 1,
    },
    member: settled,
    points: -taking.points,
  };
}

function orderPoints({ order, decision, points, at, why }: Movement): OrderPoints {
  const basis = decision && {
    programVersion: decision.programVersion,
    tierId: decision.tierId,
    multiplier: decision.multiplier,
    eligible: decision.eligible,
    currency: decision.currency,
    target: decision.points,
  };
  const reason = points > 0 && order.posted === 0 ? null : why.reason;
  return {
    orderId: order.id,
    points,
    posting: order.postings + 1,
    actor: "shopify",
    reason,
    basis: basis ?? {},
    at,
  };
}

type After = { giving: Movement; cause: TierCause; trigger: { id: string; type: string } };

function settleAfter(tx: ShopTx, posted: Posted, after: After): Member {
  const { rules, at } = after.giving;
  return settleTier(tx, posted.member, {
    cause: after.cause,
    program: rules,
    at,
    entryId: posted.entryId,
    trigger: after.trigger,
  });
}
