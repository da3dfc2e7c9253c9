// What a shop whose plan lacks a feature, or one that is frozen, sees above a screen that it cannot change.
import { Banner } from "@shopify/polaris";
import { allows, planFor } from "../shops/plans.ts";
import type { Feature } from "../shops/plans.ts";
import { useShop } from "./shop-context.tsx";

/** The features that have a screen of their own. */
type Gated = Exclude<Feature, "customActions">;
type Words = { readonly name: string; readonly frozen: string; readonly below: string };

const WORDS: Readonly<Record<Gated, Words>> = {
  webhooks: {
    name: "Webhooks",
    frozen: "Nothing can be changed until it is settled. Deliveries wait and go out then.",
    below:
      "Subscriptions that exist are kept. Events that happen meanwhile wait, and go out once the plan has webhooks.",
  },
  apiKeys: {
    name: "API keys",
    frozen: "Until the bill is paid, you can't create keys and the API is read-only.",
    below:
      "Existing keys are kept. They work again once your plan includes the API, and you can revoke them at any time.",
  },
};

/** Whether the feature can be used in this shop now. */
export function useAllowed(feature: Gated): boolean {
  return allows(useShop(), feature);
}

/** The banner; nothing where the feature is allowed. */
export function PlanGate({ feature }: { feature: Gated }) {
  const { planStatus } = useShop();
  const { name, frozen, below } = WORDS[feature];
  if (useAllowed(feature)) return null;
  if (planStatus === "frozen") {
    return (
      <Banner tone="warning" title="Your Shopify bill is unpaid">
        <p>{frozen}</p>
      </Banner>
    );
  }
  const title = `${name} are part of the ${planFor(feature).label} plan`;
  return (
    <Banner tone="info" title={title} action={{ content: "See plans", url: "/app/plan" }}>
      <p>{below}</p>
    </Banner>
  );
}
