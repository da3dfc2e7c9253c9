// What is known of a webhook before its body is judged, and how it becomes an input of the fold.
import type { OrderInput, Version } from "../loyalty/order.ts";
import type { OrderSeen } from "../shopify/order.ts";
import type { RefundSeen } from "../shopify/refund.ts";

/** How a body reached us. Reconciliation and backfill have no webhook id: nothing is kept of their receipt. */
export type Received = {
  readonly topic: string;
  readonly webhookId: string | null;
  /** Of the raw body; tells a repetition from a reuse of the id. */
  readonly bodyHash: string;
  /** X-Shopify-Triggered-At as sortable UTC text; null where it was not sent. */
  readonly triggeredAt: string | null;
  readonly at: Date;
};

export type Told =
  | { readonly kind: "order"; readonly seen: OrderSeen }
  | { readonly kind: "refund"; readonly seen: RefundSeen };

/** A clock that is further ahead than this is wrong, and its times would win over every later state. */
const MAX_AHEAD_MS = 24 * 60 * 60 * 1000;

/** Times far in the future read as not said. */
function credible(time: string | null, at: Date): string {
  const latest = new Date(at.getTime() + MAX_AHEAD_MS).toISOString().slice(0, 23);
  return time !== null && time <= latest ? time : "";
}

function versionOf(updatedAt: string | null, received: Received): Version {
  const triggeredAt = credible(received.triggeredAt, received.at);
  return {
    updatedAt: credible(updatedAt, received.at) || triggeredAt,
    triggeredAt,
    webhookId: received.webhookId ?? "",
  };
}

/** The input of the fold. */
export function inputFrom(told: Told, received: Received): OrderInput {
  if (told.kind === "refund") {
    return { kind: "refund", refund: told.seen.refund, version: versionOf(told.seen.at, received) };
  }
  const { facts, updatedAt } = told.seen;
  const paidTopic = received.topic === "orders/paid";
  return { kind: "state", facts, paidTopic, version: versionOf(updatedAt, received) };
}

/** Sortable UTC text → the time, to the millisecond. */
export function dateFrom(instant: string | null): Date | null {
  return instant === null ? null : new Date(`${instant.slice(0, 23)}Z`);
}
