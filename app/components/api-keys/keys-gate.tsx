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
        <p>Until the bill is paid, you can't create keys and the API is read-only.</p>
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
      <p>
        Existing keys are kept. They work again once your plan includes the API, and you can revoke them at
        any time.
      </p>
    </Banner>
  );
}
