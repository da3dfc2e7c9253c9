// What each plan allows, in one table; and how Shopify's app subscription becomes a plan.
import type { ShopId } from "../loyalty/ids.ts";
import { shopHandle } from "../loyalty/ids.ts";

export const PLAN_NAMES = ["free", "starter", "growth", "plus"] as const;
export type PlanName = (typeof PLAN_NAMES)[number];

/** active; frozen: the shop's bill is unpaid, everything reads and nothing changes; none: uninstalled. */
export type PlanStatus = "active" | "frozen" | "none";

/** What is sold by plan. Earning is not: it never stops. */
export type Feature = "webhooks" | "apiKeys" | "customActions";

export type Plan = {
  readonly name: PlanName;
  readonly label: string;
  /** For people, in the currency that Shopify bills apps in. */
  readonly price: string;
  readonly allows: Readonly<Record<Feature, boolean>>;
};

const nothingMore = { webhooks: false, apiKeys: false, customActions: false };
const everything = { webhooks: true, apiKeys: true, customActions: true };

export const PLANS: Readonly<Record<PlanName, Plan>> = {
  free: { name: "free", label: "Free", price: "Free", allows: nothingMore },
  starter: { name: "starter", label: "Starter", price: "$19 a month", allows: nothingMore },
  growth: { name: "growth", label: "Growth", price: "$49 a month", allows: everything },
  plus: { name: "plus", label: "Plus", price: "$199 a month", allows: everything },
};

/** What a shop has: the plan, and whether its bill is paid. */
export type Standing = { readonly plan: PlanName; readonly planStatus: PlanStatus };

/** Whether the shop may use `feature` now: its plan has it and the shop is not frozen. */
export function allows({ plan, planStatus }: Standing, feature: Feature): boolean {
  return planStatus === "active" && PLANS[plan].allows[feature];
}

/** The lowest plan that has `feature`: what a screen names. */
export function planFor(feature: Feature): Plan {
  const name = PLAN_NAMES.find((candidate) => PLANS[candidate].allows[feature]) ?? "plus";
  return PLANS[name];
}

/** The page in Shopify admin on which a merchant chooses a plan. */
export function planPageUrl(shop: ShopId, appHandle: string): string {
  return `https://admin.shopify.com/store/${shopHandle(shop)}/charges/${encodeURIComponent(appHandle)}/pricing_plans`;
}

/** How a subscription counts, by Shopify's status. Pending and accepted ones wait for the merchant: nothing changes. */
const EFFECT: Readonly<Record<string, "holds" | "frozen" | "ended">> = {
  ACTIVE: "holds",
  FROZEN: "frozen",
  CANCELLED: "ended",
  DECLINED: "ended",
  EXPIRED: "ended",
};

/** The plan that a name or handle of Shopify's means; null for one that Laurel does not sell. */
export function planNamed(said: string): PlanName | null {
  const words = said.toLowerCase().split(/[^a-z]+/);
  return PLAN_NAMES.find((name) => words.includes(name)) ?? null;
}

/** The best of what Shopify lists as the app's subscriptions; Free where none holds. */
export function standingFrom(subscriptions: readonly { plan: string; status: string }[]): Standing {
  const rank = ({ plan, planStatus }: Standing) =>
    (planStatus === "active" ? PLAN_NAMES.length : 0) + PLAN_NAMES.indexOf(plan);
  const held = subscriptions.flatMap(({ plan, status }): Standing[] => {
    const name = planNamed(plan);
    const effect = EFFECT[status];
    if (name === null || effect === undefined || effect === "ended") return [];
    return [{ plan: name, planStatus: effect === "frozen" ? "frozen" : "active" }];
  });
  return held.sort((a, b) => rank(b) - rank(a))[0] ?? { plan: "free", planStatus: "active" };
}
