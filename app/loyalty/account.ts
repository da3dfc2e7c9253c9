// What a storefront shows of a member: the same words in the app proxy's answer and in the customer's metafield.
import type { Tier } from "./program.ts";
import { nextTier } from "./tiers.ts";

export type Account = {
  /** Spendable; below zero when points are owed. */
  readonly points: number;
  /** Earned, not yet spendable. */
  readonly pending: number;
  readonly tier: { readonly name: string } | null;
  readonly next_tier: { readonly name: string } | null;
  /** Lifetime points missing to the next tier; 0 at the top. */
  readonly points_to_next: number;
};

export type Standing = {
  readonly balance: number;
  readonly held: number;
  readonly pending: number;
  readonly lifetimePoints: number;
  readonly tierId: string | null;
};

/** A member's account in points, with the tiers of the shop's current program. */
export function accountOf(standing: Standing, tiers: readonly Tier[]): Account {
  const tier = tiers.find(({ id }) => id === standing.tierId);
  const next = nextTier(tiers, standing.lifetimePoints);
  return {
    points: standing.balance - standing.held,
    pending: standing.pending,
    tier: tier ? { name: tier.name } : null,
    next_tier: next ? { name: next.tier.name } : null,
    points_to_next: next?.missing ?? 0,
  };
}
