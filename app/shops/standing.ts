// Which plan a shop stands on after Shopify has spoken, in whatever order its words arrive.
import type { AppSubscription } from "../shopify/shop-details.ts";
import type { SubscriptionSaid } from "../shopify/shop-life.ts";
import { effectOf, planNamed, PLAN_NAMES } from "./plans.ts";
import type { Standing } from "./plans.ts";

/** A standing with where it comes from. */
export type KnownStanding = Standing & {
  /** Gid of the subscription; null before the first. */
  readonly subscriptionId: string | null;
  /** How new it is; null where it was read at installation and nothing was said since. */
  readonly asOf: Date | null;
};

/**
 * Choosing another plan ends the subscription before it: Shopify tells both at about the same time and in any order,
 * and the end of the old one must not end the new one.
 */
export const REPLACED_WITHIN_MS = 60 * 60 * 1000;

const FREE: Standing = { plan: "free", planStatus: "active" };

/**
 * The standing after app_subscriptions/update.
 * @returns null where it changes nothing: an older word, one that waits for the merchant, a plan that is not sold, or
 * the end of a subscription that another has replaced.
 */
export function standingAfter(known: KnownStanding, said: SubscriptionSaid, at: Date): KnownStanding | null {
  const effect = effectOf(said.status);
  const asOf = said.updatedAt ?? at;
  if (effect === null || isOlder(known, said, asOf)) return null;
  const plan = planNamed(said.names);
  if (effect === "ended") {
    return isReplaced(known, said, asOf) ? null : { ...FREE, subscriptionId: said.id, asOf };
  }
  if (plan === null) return null;
  return { plan, planStatus: effect === "frozen" ? "frozen" : "active", subscriptionId: said.id, asOf };
}

// Shopify's times are whole seconds: of two words of the same second about one subscription its ending is the later.
function isOlder(known: KnownStanding, said: SubscriptionSaid, asOf: Date): boolean {
  if (known.asOf === null || asOf > known.asOf) return false;
  const hasEnded = known.plan === "free" && said.id === known.subscriptionId;
  return asOf < known.asOf || (hasEnded && effectOf(said.status) !== "ended");
}

function isReplaced(known: KnownStanding, said: SubscriptionSaid, asOf: Date): boolean {
  if (known.subscriptionId === null || said.id === null || said.id === known.subscriptionId) return false;
  const apart = known.asOf === null ? Infinity : Math.abs(asOf.getTime() - known.asOf.getTime());
  return apart <= REPLACED_WITHIN_MS || planNamed(said.names) !== known.plan;
}

/** The best of what Shopify lists as the app's subscriptions; Free where none holds. */
export function standingFrom(subscriptions: readonly AppSubscription[]): KnownStanding {
  const rank = ({ plan, planStatus }: Standing) =>
    (planStatus === "active" ? PLAN_NAMES.length : 0) + PLAN_NAMES.indexOf(plan);
  const held = subscriptions.flatMap(({ id, names, status }): KnownStanding[] => {
    const plan = planNamed(names);
    const effect = effectOf(status);
    if (plan === null || effect === null || effect === "ended") return [];
    return [{ plan, planStatus: effect === "frozen" ? "frozen" : "active", subscriptionId: id, asOf: null }];
  });
  return held.sort((a, b) => rank(b) - rank(a))[0] ?? { ...FREE, subscriptionId: null, asOf: null };
}
