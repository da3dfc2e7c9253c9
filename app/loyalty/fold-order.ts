// Folds one more input into what is known of an order. The result does not depend on the order of the inputs.
import type { KnownOrder, KnownRefund, OrderFacts, OrderInput, RefundFacts, Version } from "./order.ts";

/** Statuses that can only follow a payment. Rule: ledger, "paid". */
const PAID_STATUSES: readonly string[] = ["paid", "partially_refunded", "refunded"];

/**
 * What is known after `input`. An older state replaces nothing, but its facts stay: that it was paid, its refunds,
 * its customer where no newer state names one. Equal `updatedAt`: the later trigger wins; then webhook id and content
 * decide, so that any permutation and duplication of the same inputs ends equal.
 */
export function foldOrder(known: KnownOrder, input: OrderInput): KnownOrder {
  if (input.kind === "refund") {
    return { ...known, refunds: mergeRefunds(known.refunds, [input.refund], input.version) };
  }
  const { facts, version } = input;
  const refunds = mergeRefunds(known.refunds, facts.refunds, version);
  const everPaid = known.everPaid || input.paidTopic || isPaidStatus(facts.financialStatus);
  const folded: KnownOrder = { ...known, refunds, everPaid, customer: newestCustomer(known, facts, version) };
  return isNewer(known, facts, version) ? { ...folded, ...asState(facts, version) } : folded;
}

function isPaidStatus(status: string | null): boolean {
  return status !== null && PAID_STATUSES.includes(status);
}

function asState(facts: OrderFacts, version: Version): Pick<KnownOrder, "state" | "version" | "listed"> {
  const { refunds, ...state } = facts;
  return { state, version, listed: [...new Set(refunds.map((refund) => refund.id))].sort() };
}

function isNewer(known: KnownOrder, facts: OrderFacts, version: Version): boolean {
  if (!known.state || !known.version) return true;
  const byVersion = compareVersions(version, known.version);
  if (byVersion !== 0) return byVersion > 0;
  const { state, listed } = asState(facts, version);
  return contentOf([state, listed]) > contentOf([known.state, known.listed]);
}

function newestCustomer(known: KnownOrder, facts: OrderFacts, version: Version): KnownOrder["customer"] {
  if (!facts.customer) return known.customer;
  const named = { gid: facts.customer, version };
  if (!known.customer) return named;
  const byVersion = compareVersions(version, known.customer.version);
  const wins = byVersion > 0 || (byVersion === 0 && named.gid > known.customer.gid);
  return wins ? named : known.customer;
}

/** Sorts by when Shopify changed the order, then by when it said so, then by the webhook's id. */
export function compareVersions(a: Version, b: Version): number {
  return (
    compareText(a.updatedAt, b.updatedAt) ||
    compareText(a.triggeredAt, b.triggeredAt) ||
    compareText(a.webhookId, b.webhookId)
  );
}

function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

// One refund may be told by its own webhook and by any later state of the order: the newest telling is kept.
function mergeRefunds(
  known: readonly KnownRefund[],
  told: readonly RefundFacts[],
  version: Version,
): readonly KnownRefund[] {
  const byId = new Map(known.map((refund) => [refund.id, refund]));
  for (const refund of told) {
    const before = byId.get(refund.id);
    const now: KnownRefund = { ...refund, version };
    if (!before || isNewerRefund(now, before)) byId.set(refund.id, now);
  }
  return [...byId.values()].sort((a, b) => compareText(a.id, b.id));
}

function isNewerRefund(a: KnownRefund, b: KnownRefund): boolean {
  const byVersion = compareVersions(a.version, b.version);
  return byVersion > 0 || (byVersion === 0 && contentOf(a) > contentOf(b));
}

// Postgres keeps the keys of a JSON document in an order of its own: content is compared with sorted keys.
function contentOf(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => compareText(a, b)))
      : part,
  );
}
