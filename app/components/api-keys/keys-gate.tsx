// What a shop below Growth, or one that is frozen, sees above keys that it can only revoke.
import { Banner } from "@shopify/polaris";
import { allows, planFor } from "../../shops/plans.ts";
import { useShop } from "../shop-context.tsx";

/** Whether keys can be made in this shop now. */
export function useKeysAllowed(): boolean {
  return allows(useShop(), "apiKeys");
}

/** The banner; nothing where keys are allowed. */
export function KeysGate() {
  const { planStatus } = useShop();
  if (useKeysAllowed()) return null;
  if (planStatus === "frozen") {
    return (
      <Banner tone="warning" title="Your Shopify bill is unpaid">
        <p>Until it is settled no key can be made, and the API reads but changes nothing.</p>
      </Banner>
    );
  }
  const { label } = planFor("apiKeys");
  return (
    <Banner
      tone="info"
      title={`API keys are part of the ${label} plan`}
      action={{ content: "See plans", url: "/app/plan" }}
    >
      <p>Keys that exist are kept. They work again once the plan has the API, and can be revoked any time.</p>
    </Banner>
  );
}
