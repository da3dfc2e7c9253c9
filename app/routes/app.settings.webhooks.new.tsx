// A new subscription; then its secret, this once.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { SaveBar } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Button, InlineStack, Page } from "@shopify/polaris";
import { useState } from "react";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { webhookAction } from "../admin/webhook-actions.server.ts";
import { loopbackHosts } from "../admin/webhook-pages.server.ts";
import { answeredInline, unlessUnanswered } from "../components/answered-inline.ts";
import { PlanGate, useAllowed } from "../components/plan-gate.tsx";
import { RefusedBanner } from "../components/refused-banner.tsx";
import { SecretCard } from "../components/webhooks/secret-card.tsx";
import { SendTest } from "../components/webhooks/send-test.tsx";
import { formOf, NO_VALUES, SubscriptionFields } from "../components/webhooks/subscription-fields.tsx";
import { useWebhookAction } from "../components/webhooks/use-webhook-action.ts";
import { checkSubscription } from "../webhooks/subscription-form.ts";
import type { Refused } from "../loyalty/refusal.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  await authenticateAdmin(request);
  return { loopbackHosts: loopbackHosts() };
};

export const action = async ({ request }: ActionFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return webhookAction(shopId, request);
};

export const clientAction = answeredInline;
export const shouldRevalidate = unlessUnanswered;

export default function NewWebhook() {
  const { loopbackHosts: hosts } = useLoaderData<typeof loader>();
  const [values, setValues] = useState(NO_VALUES);
  const [local, setLocal] = useState<Refused | null>(null);
  const { ask, busy, answer } = useWebhookAction();
  const allowed = useAllowed("webhooks");
  const created =
    answer?.ok === true && answer.intent === "create" && "secret" in answer.value ? answer.value : null;
  const refused = local ?? (answer?.ok === false ? answer : null);
  const dirty = created === null && JSON.stringify(values) !== JSON.stringify(NO_VALUES);
  const save = () => {
    const checked = checkSubscription(formOf(values), hosts);
    setLocal(checked.ok ? null : checked);
    if (checked.ok) ask({ intent: "create", form: formOf(values) });
  };
  const back = { content: "Webhooks", url: "/app/settings/webhooks" };
  if (created !== null && "id" in created) {
    return (
      <Page backAction={back} title="Subscription created">
        <BlockStack gap="400">
          {created.sameUrl && (
            <Banner tone="info">
              <p>
                Another subscription has the same URL. That is allowed; each sends its own requests, with its
                own secret.
              </p>
            </Banner>
          )}
          <SecretCard secret={created.secret} title="Store the signing secret" />
          <InlineStack gap="200">
            <Button variant="primary" url={`/app/settings/webhooks/${created.id}`}>
              Go to the subscription
            </Button>
          </InlineStack>
          <SendTest
            id={created.id}
            format={values.format}
            eventTypes={values.eventTypes}
            disabled={!allowed}
          />
        </BlockStack>
      </Page>
    );
  }
  return (
    <Page backAction={back} title="Create subscription">
      <SaveBar id="new-webhook-save-bar" open={dirty}>
        <button variant="primary" onClick={save} disabled={busy} {...(busy ? { loading: "" } : {})}>
          Save
        </button>
        <button onClick={() => setValues(NO_VALUES)} disabled={busy}>
          Discard
        </button>
      </SaveBar>
      <BlockStack gap="400">
        <PlanGate feature="webhooks" />
        {refused !== null && (
          <RefusedBanner title="The subscription was not created" refusal={refused.refusal} />
        )}
        <SubscriptionFields values={values} refused={refused} disabled={!allowed} onChange={setValues} />
        <InlineStack align="end">
          <Button variant="primary" onClick={save} loading={busy} disabled={!allowed}>
            Create subscription
          </Button>
        </InlineStack>
      </BlockStack>
    </Page>
  );
}
