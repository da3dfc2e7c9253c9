// The target of an order: how many points it ought to have given by all that is known of it now.
import type { Decision, Exclusion, RuleTried } from "./decision.ts";
import { eligibleAmount } from "./eligible.ts";
import type { Eligible } from "./eligible.ts";
import { decimalFrom, exponentOf } from "./money.ts";
import type { KnownOrder } from "./order.ts";
import { MAX_POINTS_PER_ORDER } from "./points.ts";
import type { ProgramSettings } from "./program.ts";
import { decimalText, floor, rationalFrom, times } from "./rational.ts";
import type { Rational } from "./rational.ts";

/** What the order is judged by: the pinned program version and tier once it has earned, today's before. */
export type Terms = {
  readonly settings: Pick<ProgramSettings, "pointsPerUnit" | "counts">;
  readonly programVersion: number;
  readonly multiplier: string;
  readonly tierId: string | null;
  /** The shop's currency: the only one in which points are counted. */
  readonly currency: string;
  /** Whose order it is; points go to active members only. */
  readonly owner: "member" | "guest" | "inactive";
};

/** Statuses after which nothing is left to earn from, whatever the lines say. */
const ENDED_STATUSES: readonly string[] = ["refunded", "voided"];

const NOTHING_ELIGIBLE: Eligible = { amount: 0n, lines: [], rules: [] };

/**
 * The points that the order ought to have given: floor(eligible × rate × multiplier), one floor at the end, at most
 * MAX_POINTS_PER_ORDER, never below 0. Every rule tried is in the decision. Throws on a rate or multiplier that is
 * no decimal: settings are parsed where they are saved.
 */
export function pointsFor(known: KnownOrder, terms: Terms): Decision {
  const gates = gatesOf(known, terms);
  const readable = known.state !== null && known.state.currency === terms.currency;
  const eligible =
    readable && known.state
      ? eligibleAmount(known, known.state, terms.settings.counts, terms.currency)
      : NOTHING_ELIGIBLE;
  const excluded = gates.find((gate) => !gate.passed)?.reason ?? null;
  const units: Rational = { n: eligible.amount, d: 10n ** BigInt(exponentOf(terms.currency)) };
  const base = times(units, decimalOf(terms.settings.pointsPerUnit));
  const exact = times(base, decimalOf(terms.multiplier));
  const capped = floor(exact) > BigInt(MAX_POINTS_PER_ORDER);
  const rules = [...gates, ...eligible.rules, ...(capped ? [{ rule: "cap", passed: false } as const] : [])];
  return {
    points: excluded ? 0 : wholePoints(exact),
    basePoints: excluded ? 0 : wholePoints(base),
    currency: terms.currency,
    eligible: decimalFrom(eligible.amount, terms.currency),
    pointsPerUnit: terms.settings.pointsPerUnit,
    multiplier: terms.multiplier,
    tierId: terms.tierId,
    programVersion: terms.programVersion,
    exact: decimalText(exact),
    rounding: "floor",
    capped,
    excluded,
    rules,
    lines: eligible.lines,
  };
}

function decimalOf(text: string): Rational {
  const value = rationalFrom(text);
  if (!value || value.n < 0n) throw new Error(`Not a rate: ${text}`);
  return value;
}

function wholePoints(exact: Rational): number {
  const whole = floor(exact);
  return whole > BigInt(MAX_POINTS_PER_ORDER) ? MAX_POINTS_PER_ORDER : Number(whole);
}

// Each gate is tried and recorded, even after one has closed: the record answers "why not?" completely.
function gatesOf(known: KnownOrder, terms: Terms): readonly RuleTried[] {
  const state = known.state;
  if (!state) return [{ rule: "known", passed: false, reason: "order_not_known_yet" }];
  const { counts } = terms.settings;
  const status = state.financialStatus;
  const unreadable = [...state.unreadable, ...known.refunds.flatMap((refund) => refund.unreadable)];
  return [
    gate("currency", state.currency === terms.currency, "another_currency", state.currency ?? "none"),
    gate("amounts", unreadable.length === 0, "unreadable_amount", unreadable.join(", ")),
    gate("test_orders", counts.testOrders || !state.test, "test_order"),
    gate("draft_orders", counts.draftOrders || !state.draft, "draft_order"),
    gate("cancelled", !state.cancelled, "cancelled"),
    gate(
      "status",
      status === null || !ENDED_STATUSES.includes(status),
      "refunded_or_voided",
      status ?? "none",
    ),
    gate("paid", known.everPaid, "not_paid", status ?? "none"),
    gate("member", terms.owner === "member", terms.owner === "guest" ? "guest_order" : "member_inactive"),
  ];
}

function gate(rule: RuleTried["rule"], passed: boolean, reason: Exclusion, found = ""): RuleTried {
  const seen = found === "" ? {} : { found };
  return passed ? { rule, passed, ...seen } : { rule, passed, reason, ...seen };
}
