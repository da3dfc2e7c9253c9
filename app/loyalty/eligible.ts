// What of an order counts for points, in minor units: lines, shipping, tips, less refunded amounts.
import type { LineDecision, RuleTried } from "./decision.ts";
import { decimalFrom, minorFrom } from "./money.ts";
import type { Minor } from "./money.ts";
import type { KnownOrder, LineFacts } from "./order.ts";
import type { Counts } from "./program.ts";
import { floorDiv } from "./rational.ts";

export type Eligible = {
  readonly amount: Minor;
  readonly lines: readonly LineDecision[];
  readonly rules: readonly RuleTried[];
};

type State = NonNullable<KnownOrder["state"]>;

/**
 * The eligible amount of what is known of an order, in minor units of `currency`, never below 0, with each part and
 * each exclusion. Rule: ledger, "eligible amount of a line" and the rows below it.
 */
export function eligibleAmount(known: KnownOrder, state: State, counts: Counts, currency: string): Eligible {
  const money = (text: string): Minor => minorFrom(text, currency) ?? 0n;
  const lines = state.lines.map((line) => {
    const counted = countedUnits(line, known);
    return { decision: decideLine({ line, counted, taxesIncluded: state.taxesIncluded }, counts, money) };
  });
  const lineSum = sum(lines.map(({ decision }) => decision.minor));
  const parts: { rule: RuleTried; minor: Minor }[] = [
    { rule: { rule: "lines", passed: true }, minor: lineSum },
    shippingPart(known, state, counts, money),
    tipPart(state, counts, money),
    refundedPart(known, money),
  ];
  const total = sum(parts.map((part) => part.minor));
  return {
    amount: atLeastZero(total),
    lines: lines.map(({ decision: { minor, ...line } }) => ({
      ...line,
      eligible: decimalFrom(minor, currency),
    })),
    rules: parts.map(({ rule, minor }) => ({ ...rule, amount: decimalFrom(minor, currency) })),
  };
}

/** Units of a line that still count: the newest state's, less refunds that it does not list yet. */
function countedUnits(line: LineFacts, known: KnownOrder): number {
  // A state without current quantities counts down from what was bought, by every refund known.
  const listed = line.currentQuantity === null ? [] : known.listed;
  const refunded = known.refunds
    .filter((refund) => !listed.includes(refund.id))
    .flatMap((refund) => refund.lines)
    .filter((part) => part.line === line.id)
    .reduce((units, part) => units + part.quantity, 0);
  return Math.max(0, (line.currentQuantity ?? line.quantity) - refunded);
}

type LineAsked = { line: LineFacts; counted: number; taxesIncluded: boolean };
type Reader = (text: string) => Minor;

function decideLine(
  asked: LineAsked,
  counts: Counts,
  money: Reader,
): Omit<LineDecision, "eligible"> & { minor: Minor } {
  const { line, counted } = asked;
  const about = { line: line.id, title: line.title, quantity: line.quantity, counted };
  if (line.giftCard) return { ...about, minor: 0n, excluded: "gift_card" };
  if (line.tip) return { ...about, minor: 0n, excluded: "tip_line" };
  if (counted === 0 || line.quantity <= 0) return { ...about, minor: 0n, excluded: "refunded_or_removed" };
  const net =
    money(line.price) * BigInt(line.quantity) -
    atLeastZero(money(line.discount)) +
    taxPart(asked, counts, money);
  const minor = floorDiv(net * BigInt(counted), BigInt(line.quantity));
  return minor > 0n ? { ...about, minor } : { ...about, minor: 0n, excluded: "not_above_zero" };
}

// Prices hold their tax or they do not; either way it is taken off or put on where the program says otherwise.
function taxPart(asked: LineAsked, counts: Counts, money: Reader): Minor {
  if (asked.taxesIncluded === counts.tax) return 0n;
  return counts.tax ? money(asked.line.tax) : -money(asked.line.tax);
}

function shippingPart(
  known: KnownOrder,
  state: State,
  counts: Counts,
  money: Reader,
): { rule: RuleTried; minor: Minor } {
  if (!counts.shipping)
    return { rule: { rule: "shipping", passed: false, reason: "shipping_not_counted" }, minor: 0n };
  const kept = state.shipping.filter((line) => !line.removed);
  const tax = sum(kept.map((line) => money(line.tax)));
  const gross = sum(kept.map((line) => money(line.price)));
  // Shopify states the refunded shipping without its tax, whether or not prices include it.
  const net =
    (state.taxesIncluded ? gross - tax : gross) + sum(known.refunds.map((refund) => money(refund.shipping)));
  const netTax = tax + sum(known.refunds.map((refund) => money(refund.shippingTax)));
  const minor = atLeastZero(net) + (counts.tax ? atLeastZero(netTax) : 0n);
  return { rule: { rule: "shipping", passed: true }, minor };
}

function tipPart(state: State, counts: Counts, money: Reader): { rule: RuleTried; minor: Minor } {
  if (!counts.tips) return { rule: { rule: "tips", passed: false, reason: "tips_not_counted" }, minor: 0n };
  return { rule: { rule: "tips", passed: true }, minor: atLeastZero(money(state.tip)) };
}

// An amount-only refund: its discrepancy is negative. Netted over all refunds; a positive sum is ignored.
function refundedPart(known: KnownOrder, money: Reader): { rule: RuleTried; minor: Minor } {
  const netted = sum(known.refunds.map((refund) => money(refund.discrepancy)));
  if (netted >= 0n) return { rule: { rule: "refunded_amounts", passed: true }, minor: 0n };
  return { rule: { rule: "refunded_amounts", passed: true, reason: "refunded_amount" }, minor: netted };
}

function sum(amounts: readonly Minor[]): Minor {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function atLeastZero(amount: Minor): Minor {
  return amount > 0n ? amount : 0n;
}
