// A subscription: its settings, its secret, its deliveries.
import type { ActionFunctionArgs, LoaderFunctionArgs, SerializeFrom } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import type { ShouldRevalidateFunction } from "@remix-run/react";
import { SaveBar } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Layout, Page } from "@shopify/polaris";
import { useState } from "react";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { webhookAction } from "../admin/webhook-actions.server.ts";
import { loopbackHosts, readSubscriptionPage } from "../admin/webhook-pages.server.ts";
import { inWords } from "../components/refusal-words.ts";
import { DeleteSubscription } from "../components/webhooks/delete-subscription.tsx";
import { DeliveryLog } from "../components/webhooks/delivery-log.tsx";
import { PlanGate, useWebhooksAllowed } from "../components/webhooks/plan-gate.tsx";
import { RotateSecret } from "../components/webhooks/rotate-secret.tsx";
import { SendTest } from "../components/webhooks/send-test.tsx";
import { formOf, SubscriptionFields } from "../components/webhooks/subscription-fields.tsx";
import type { FieldValues } from "../components/webhooks/subscription-fields.tsx";
import { useWebhookAction } from "../components/webhooks/use-webhook-action.ts";
import { DISABLED_WORDS, SubscriptionBadge } from "../components/webhooks/words.tsx";
import type { Refused } from "../loyalty/refusal.ts";
import { checkSubscription } from "../webhooks/subscription-form.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs) => {
  const { shop } = await authenticateAdmin(request);
  const asked = new URL(request.url).searchParams;
  const page = await readSubscriptionPage(shop, params["subscriptionId"] ?? "", asked);
  if (page === null) throw new Response(null, { status: 404 });
  return { ...page, loopbackHosts: loopbackHosts() };
};

export const action = async ({ request }: ActionFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return webhookAction(shopId, request);
};

// A refused form keeps what was typed: the newer version is not fetched under it. After deleting there is nothing to read.
export const shouldRevalidate: ShouldRevalidateFunction = ({ actionResult, defaultShouldRevalidate }) => {
  const answer = actionResult as { ok?: boolean; intent?: string } | undefined;
  return answer?.ok === false || answer?.intent === "delete" ? false : defaultShouldRevalidate;
};

type Shown = SerializeFrom<typeof loader>;

const SWITCHES = {
  enabled: [
    ["paused", "Pause"],
    ["disabled", "Disable"],
  ],
  paused: [
    ["enabled", "Resume"],
    ["disabled", "Disable"],
  ],
  disabled: [["enabled", "Enable"]],
} as const;

export default function SubscriptionPage() {
  const page = useLoaderData<typeof loader>();
  const { subscription } = page;
  const { ask, busy, answer } = useWebhookAction();
  const [deleting, setDeleting] = useState(false);
  const allowed = useWebhooksAllowed();
  const { id, state, description, url, health } = subscription;
  return (
    <Page
      backAction={{ content: "Webhooks", url: "/app/settings/webhooks" }}
      title={description || url}
      subtitle={description === "" ? "" : url}
      titleMetadata={<SubscriptionBadge state={state} failing={health.breaker !== "closed"} />}
      secondaryActions={[
        ...SWITCHES[state].map(([next, content]) => ({
          content,
          disabled: !allowed || busy,
          onAction: () => ask({ intent: "switch", id, state: next }),
        })),
        {
          content: "Delete",
          destructive: true,
          disabled: !allowed || busy,
          onAction: () => setDeleting(true),
        },
      ]}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            <PlanGate />
            {answer?.ok === false && <Refusal refused={answer} title="Nothing was changed" />}
            <Standstill state={state} reason={subscription.disabledReason} />
            <EditForm key={subscription.revision} page={page} allowed={allowed} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <BlockStack gap="400">
            <SendTest
              id={id}
              format={subscription.format}
              eventTypes={subscription.eventTypes}
              disabled={!allowed || state !== "enabled"}
            />
            <RotateSecret id={id} endsAt={subscription.rotationEndsAt} disabled={!allowed} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="fullWidth">
          <DeliveryLog
            deliveries={page.deliveries}
            next={page.next}
            previous={page.previous}
            id={id}
            replay={page.replay}
            disabled={!allowed || state !== "enabled"}
          />
        </Layout.Section>
      </Layout>
      <DeleteSubscription
        open={deleting}
        onClose={() => setDeleting(false)}
        id={id}
        waiting={health.waiting}
      />
    </Page>
  );
}

function Standstill({ state, reason }: { state: keyof typeof SWITCHES; reason: string | null }) {
  if (state === "enabled") return null;
  const [title, text] =
    state === "paused"
      ? ["Deliveries wait", "Events are kept and go out when you resume."]
      : [
          "Nothing is sent to this endpoint",
          `${DISABLED_WORDS[reason ?? ""] ?? ""} Events that happen now are not kept for it.`,
        ];
  return (
    <Banner tone={state === "paused" ? "info" : "warning"} title={title}>
      <p>{text}</p>
    </Banner>
  );
}

function Refusal({ refused, title }: { refused: Refused; title: string }) {
  return (
    <Banner tone="critical" title={title}>
      <p>{inWords(refused.refusal)}</p>
    </Banner>
  );
}

function EditForm({ page, allowed }: { page: Shown; allowed: boolean }) {
  const { id, url, format, description, eventTypes, headers, ratePerSecond, revision } = page.subscription;
  const saved: FieldValues = {
    url,
    format,
    description,
    eventTypes,
    headers: Object.entries(headers),
    rate: ratePerSecond === null ? "" : String(ratePerSecond),
  };
  const [values, setValues] = useState(saved);
  const [local, setLocal] = useState<Refused | null>(null);
  const { ask, busy, answer } = useWebhookAction();
  const refused = local ?? (answer?.ok === false ? answer : null);
  const save = () => {
    const checked = checkSubscription(formOf(values), page.loopbackHosts);
    setLocal(checked.ok ? null : checked);
    if (checked.ok) ask({ intent: "edit", id, revision, form: formOf(values) });
  };
  return (
    <>
      <SaveBar id="webhook-save-bar" open={JSON.stringify(values) !== JSON.stringify(saved)}>
        <button variant="primary" onClick={save} disabled={busy} {...(busy ? { loading: "" } : {})}>
          Save
        </button>
        <button onClick={() => setValues(saved)} disabled={busy}>
          Discard
        </button>
      </SaveBar>
      {refused !== null && <Refusal refused={refused} title="The subscription was not saved" />}
      <SubscriptionFields values={values} refused={refused} disabled={!allowed} onChange={setValues} />
    </>
  );
}
