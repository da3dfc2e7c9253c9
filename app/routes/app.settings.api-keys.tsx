// Settings > API keys: who may ask the REST API, for what; each key is shown once, when it is made.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, EmptyState, Page } from "@shopify/polaris";
import { useCallback, useState } from "react";
import { apiKeyAction } from "../admin/api-key-actions.server.ts";
import { readApiKeysPage } from "../admin/api-keys-page.server.ts";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { answeredInline, unlessUnanswered } from "../components/answered-inline.ts";
import { CreateKey } from "../components/api-keys/create-key.tsx";
import type { MadeKey } from "../components/api-keys/create-key.tsx";
import { KeyList } from "../components/api-keys/key-list.tsx";
import { MadeKeyBanner } from "../components/api-keys/made-key.tsx";
import { PlanGate, useAllowed } from "../components/plan-gate.tsx";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return readApiKeysPage(shopId);
};

export const action = async ({ request }: ActionFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return apiKeyAction(shopId, request);
};

export const clientAction = answeredInline;
export const shouldRevalidate = unlessUnanswered;

export default function ApiKeys() {
  const { apiUrl, keys } = useLoaderData<typeof loader>();
  const allowed = useAllowed("apiKeys");
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<MadeKey | null>(null);
  const close = useCallback(() => setCreating(false), []);
  const show = useCallback((key: MadeKey) => {
    setMade(key);
    setCreating(false);
  }, []);
  const create = { content: "Create API key", onAction: () => setCreating(true), disabled: !allowed };
  return (
    <Page
      backAction={{ content: "Settings", url: "/app/settings" }}
      title="API keys"
      subtitle="With a key another system asks Laurel for customers, events and webhooks, each as far as you allow."
      primaryAction={create}
      secondaryActions={[{ content: "API reference", url: `${apiUrl}/docs`, target: "_blank" }]}
    >
      <BlockStack gap="400">
        <PlanGate feature="apiKeys" />
        {made !== null && <MadeKeyBanner made={made} apiUrl={apiUrl} onDismiss={() => setMade(null)} />}
        {keys.length === 0 ? (
          <Card>
            <EmptyState heading="Let another system ask" image="" action={create}>
              <p>
                Give each system a key of its own, with no more than it needs: you will see when it was last
                used, and can revoke it without touching the others.
              </p>
            </EmptyState>
          </Card>
        ) : (
          <KeyList keys={keys} />
        )}
      </BlockStack>
      {creating && <CreateKey onClose={close} onMade={show} />}
    </Page>
  );
}
