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

/** What a subscription of this status does to the plan; null where it changes nothing. */
export function effectOf(status: string): "holds" | "frozen" | "ended" | null {
  return EFFECT[status] ?? null;
}

/** The plan that a handle or name of Shopify's means ("growth-yearly" → growth); null for none that Laurel sells. */
export function planNamed(names: readonly string[]): PlanName | null {
  const highestFirst = PLAN_NAMES.toReversed();
  for (const said of names) {
    const words = said.toLowerCase().split(/[^a-z]+/);
    const found = highestFirst.find((name) => words.includes(name));
    if (found !== undefined) return found;
  }
  return null;
}
