// What a shop below Growth, or one that is frozen, sees above webhooks that it cannot change.
import { Banner } from "@shopify/polaris";
import { allows, planFor } from "../../shops/plans.ts";
import { useShop } from "../shop-context.tsx";

/** Whether webhooks can be changed in this shop now. */
export function useWebhooksAllowed(): boolean {
  return allows(useShop(), "webhooks");
}

/** The banner; nothing where webhooks are allowed. */
export function PlanGate() {
  const { planStatus } = useShop();
  if (useWebhooksAllowed()) return null;
  if (planStatus === "frozen") {
    return (
      <Banner tone="warning" title="Your Shopify bill is unpaid">
        <p>Nothing can be changed until it is settled. Deliveries wait and go out then.</p>
      </Banner>
    );
  }
  const { label } = planFor("webhooks");
  return (
    <Banner
      tone="info"
      title={`Webhooks are part of the ${label} plan`}
      action={{ content: "See plans", url: "/app/plan" }}
    >
      <p>
        Subscriptions that exist are kept. Events that happen meanwhile wait, and go out once the plan has
        webhooks.
      </p>
    </Banner>
  );
}
