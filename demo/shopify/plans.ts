// The plan switch: each position as Shopify's app subscription shows it.

export type PlanName = "free" | "starter" | "growth" | "plus" | "frozen" | "cancelled";

type Plan = {
  label: string;
  /** What the switch does, in words. */
  hint: string;
  /** The subscription's name and handle; null where there is none. */
  name: string | null;
  handle: string | null;
  /** Whole US dollars a month. */
  price: number;
  status: "ACTIVE" | "FROZEN" | "CANCELLED";
};

export const PLANS: Readonly<Record<PlanName, Plan>> = {
  free: { label: "Free", hint: "no subscription", name: null, handle: null, price: 0, status: "ACTIVE" },
  starter: {
    label: "Starter",
    hint: "webhooks shown, not usable",
    name: "Starter",
    handle: "starter",
    price: 19,
    status: "ACTIVE",
  },
  growth: {
    label: "Growth",
    hint: "webhooks included",
    name: "Growth",
    handle: "growth",
    price: 49,
    status: "ACTIVE",
  },
  plus: { label: "Plus", hint: "everything", name: "Plus", handle: "plus", price: 199, status: "ACTIVE" },
  frozen: {
    label: "Growth, frozen",
    hint: "the shop's bill is unpaid",
    name: "Growth",
    handle: "growth",
    price: 49,
    status: "FROZEN",
  },
  cancelled: {
    label: "Cancelled",
    hint: "back to Free",
    name: "Growth",
    handle: "growth",
    price: 49,
    status: "CANCELLED",
  },
};

export const PLAN_NAMES = Object.keys(PLANS) as PlanName[];
export const isPlanName = (name: string): name is PlanName => name in PLANS;
