// Lots: in which order points are taken, what a reversal takes from where, and how a debt is paid.
import type { Points } from "./points.ts";
import type { SpentPolicy } from "./program.ts";

/** A lot as the rules see it. Times are ISO text in UTC, which sorts by time. */
export type LotState = {
  readonly id: string;
  readonly remaining: Points;
  /** Null never expires. */
  readonly expiresAt: string | null;
  readonly createdAt: string;
};

export type Take = { readonly lotId: string; readonly points: Points };

/** Earliest expiry first, then oldest, then id; lots that never expire come last. */
export function byAllocationOrder(a: LotState, b: LotState): number {
  if (a.expiresAt !== b.expiresAt) {
    if (a.expiresAt === null) return 1;
    if (b.expiresAt === null) return -1;
    return a.expiresAt < b.expiresAt ? -1 : 1;
  }
  if (a.createdAt !== b.createdAt) return a.createdAt < b.createdAt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Takes up to `points` from lots in allocation order. `missing`: what they did not hold. */
export function allocate(
  lots: readonly LotState[],
  points: Points,
): { takes: readonly Take[]; missing: Points } {
  const takes: Take[] = [];
  let missing = points;
  for (const lot of [...lots].sort(byAllocationOrder)) {
    const taken = Math.min(lot.remaining, missing);
    if (taken <= 0) continue;
    takes.push({ lotId: lot.id, points: taken });
    missing -= taken;
  }
  return { takes, missing };
}

export type ReversalPlan = {
  readonly takes: readonly Take[];
  /** Points of the ledger entry, as a positive number: what is really taken or owed. */
  readonly posted: Points;
  /** Added to what the member owes. */
  readonly owed: Points;
  /** Waived: no longer there to take. Counts as posted, so that a duplicate never takes it again. */
  readonly shortfall: Points;
};

/** Takes `points` back: from the order's own lots first, then from others, then owed or waived by policy. */
export function planReversal(asked: {
  points: Points;
  own: readonly LotState[];
  others: readonly LotState[];
  policy: SpentPolicy;
}): ReversalPlan {
  const first = allocate(asked.own, asked.points);
  const then = allocate(asked.others, first.missing);
  const owed = asked.policy === "owe" ? then.missing : 0;
  const shortfall = then.missing - owed;
  return { takes: [...first.takes, ...then.takes], posted: asked.points - shortfall, owed, shortfall };
}

/** An earning pays the member's debt first: the entry shows all of it, the lot opens with what is left. */
export function openLot(points: Points, owed: Points): { lot: Points; paid: Points } {
  const paid = Math.min(points, owed);
  return { lot: points - paid, paid };
}
