// Which tier lifetime points reach, and what is missing to the next.
import type { Tier } from "./program.ts";

/** The highest tier whose threshold is met (≥); null below the lowest. Lifetime points, as of now. */
export function tierFor(tiers: readonly Tier[], lifetimePoints: number): Tier | null {
  let reached: Tier | null = null;
  for (const tier of tiers) {
    if (lifetimePoints < tier.threshold) continue;
    if (!reached || tier.threshold > reached.threshold) reached = tier;
  }
  return reached;
}

/** The next tier above these lifetime points and the points missing to it; null at the top. */
export function nextTier(
  tiers: readonly Tier[],
  lifetimePoints: number,
): { readonly tier: Tier; readonly missing: number } | null {
  let next: Tier | null = null;
  for (const tier of tiers) {
    if (tier.threshold > lifetimePoints && (!next || tier.threshold < next.threshold)) next = tier;
  }
  return next ? { tier: next, missing: next.threshold - lifetimePoints } : null;
}

/** A tier's place, 1 for the lowest threshold; 0 for no tier or one that the program no longer has. */
export function levelOf(tiers: readonly Tier[], tierId: string | null): number {
  const tier = tiers.find((candidate) => candidate.id === tierId);
  return tier ? tiers.filter((other) => other.threshold <= tier.threshold).length : 0;
}

export type TierMove = "customer.tier_assigned" | "customer.tier_upgrade" | "customer.tier_downgrade";

/** What a change from one level to another is called: 0 is no tier. Null when nothing changes. */
export function tierMove(from: number, to: number, everHadTier: boolean): TierMove | null {
  if (from === to) return null;
  if (from === 0 && !everHadTier) return "customer.tier_assigned";
  return to > from ? "customer.tier_upgrade" : "customer.tier_downgrade";
}
