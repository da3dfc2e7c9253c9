// A subscription: its settings, its secret, its deliveries.
import type { ActionFunctionArgs, LoaderFunctionArgs, SerializeFrom } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import type { ShouldRevalidateFunction } from "@remix-run/react";
import { SaveBar, useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Layout, Page, Tabs } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { webhookAction } from "../admin/webhook-actions.server.ts";
import { loopbackHosts, readSubscriptionPage } from "../admin/webhook-pages.server.ts";
import { withValues } from "../components/address.ts";
import { answeredInline } from "../components/answered-inline.ts";
import { PlanGate, useAllowed } from "../components/plan-gate.tsx";
import { RefusedBanner } from "../components/refused-banner.tsx";
import { askedFresh, useFresh } from "../components/use-fresh.ts";
import { DeleteSubscription } from "../components/webhooks/delete-subscription.tsx";
import { DeliveryLog } from "../components/webhooks/delivery-log.tsx";
import { HealthCard } from "../components/webhooks/health-card.tsx";
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

export const clientAction = answeredInline;
export const clientLoader = askedFresh;

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

const SETTINGS = "settings";
const VIEWS = [
  { id: "deliveries", content: "Deliveries", panelID: "subscription-deliveries" },
  { id: SETTINGS, content: "Settings", panelID: "subscription-settings" },
];

export default function SubscriptionPage() {
  // What is edited stays as it was when it was loaded; what is looked at follows.
  const edited = useLoaderData<typeof loader>();
  const page = useFresh(edited);
  const { subscription } = page;
  const { ask, busy, answer } = useWebhookAction();
  const editing = useSaving();
  const [deleting, setDeleting] = useState(false);
  const allowed = useAllowed("webhooks");
  const [asked, setAsked] = useSearchParams();
  const isSettings = asked.get("view") === SETTINGS;
  const look = (view: string) =>
    setAsked(withValues(asked, { view: view === SETTINGS ? view : "" }, ""), { replace: true });
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
      <BlockStack gap="400">
        <PlanGate feature="webhooks" />
        {answer?.ok === false && <RefusedBanner refusal={answer.refusal} title="Nothing was changed" />}
        <Standstill state={state} reason={subscription.disabledReason} />
        <Tabs tabs={VIEWS} selected={isSettings ? 1 : 0} onSelect={(index) => look(VIEWS[index]?.id ?? "")} />
        {/* Hidden and not taken away: what was typed survives a look at the deliveries. */}
        <div hidden={isSettings} id="subscription-deliveries">
          <Overview page={page} allowed={allowed} />
        </div>
        <div hidden={!isSettings} id="subscription-settings">
          <Layout>
            <Layout.Section>
              <EditForm page={edited} allowed={allowed} action={editing} />
            </Layout.Section>
            <Layout.Section variant="oneThird">
              <RotateSecret page={page} disabled={!allowed} />
            </Layout.Section>
          </Layout>
        </div>
      </BlockStack>
      <DeleteSubscription open={deleting} onClose={() => setDeleting(false)} id={id} health={health} />
    </Page>
  );
}

function useSaving() {
  const editing = useWebhookAction();
  const bridge = useAppBridge();
  const isSaved = editing.answer?.ok === true;
  useEffect(() => {
    if (isSaved) bridge.toast.show("Subscription saved");
  }, [isSaved, bridge]);
  return editing;
}

function Overview({ page, allowed }: { page: Shown; allowed: boolean }) {
  const { id, state, format, eventTypes, health } = page.subscription;
  const disabled = !allowed || state !== "enabled";
  return (
    <Layout>
      <Layout.Section>
        <HealthCard health={health} days={page.history.days} changes={page.history.changes} />
      </Layout.Section>
      <Layout.Section variant="oneThird">
        <SendTest id={id} format={format} eventTypes={eventTypes} disabled={disabled} />
      </Layout.Section>
      <Layout.Section variant="fullWidth">
        <DeliveryLog
          deliveries={page.deliveries}
          next={page.next}
          previous={page.previous}
          id={id}
          replay={page.replay}
          disabled={disabled}
        />
      </Layout.Section>
    </Layout>
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

function valuesOf({ subscription, headers }: Pick<Shown, "subscription" | "headers">): FieldValues {
  const { url, format, description, eventTypes, ratePerSecond } = subscription;
  const rate = ratePerSecond === null ? "" : String(ratePerSecond);
  return { url, format, description, eventTypes, headers: Object.entries(headers ?? {}), rate };
}

type Action = ReturnType<typeof useWebhookAction>;

const isSame = (one: FieldValues, other: FieldValues) => JSON.stringify(one) === JSON.stringify(other);

/**
 * The fields as they are typed, over the page as it was when they were `opened`. What is read later takes its place where
 * nothing was typed, and after each saving; what was typed is never replaced by it.
 */
function useTypedOver(page: Shown, answer: Action["answer"]) {
  const [typed, setTyped] = useState({ opened: page, values: valuesOf(page), answer });
  const { opened, values } = typed;
  const saved = valuesOf(opened);
  const isDirty = !isSame(values, saved);
  const isJustSaved = answer?.ok === true && answer !== typed.answer;
  if (isJustSaved || (!isDirty && opened !== page))
    setTyped({ opened: page, values: valuesOf(page), answer });
  // A newer revision with the same fields (a pause, a new secret) is none that somebody could overwrite unseen.
  const { revision } = (isSame(valuesOf(page), saved) ? page : opened).subscription;
  const setValues = (changed: FieldValues) => setTyped({ ...typed, values: changed });
  return { values, setValues, isDirty, revision, discard: () => setValues(saved) };
}

type Editing = {
  readonly page: Shown;
  readonly allowed: boolean;
  readonly action: Action;
};

function EditForm({ page, allowed, action }: Editing) {
  const { ask, busy, answer } = action;
  const { values, setValues, isDirty, revision, discard } = useTypedOver(page, answer);
  const [local, setLocal] = useState<Refused | null>(null);
  const refused = local ?? (answer?.ok === false ? answer : null);
  const save = () => {
    const checked = checkSubscription(formOf(values), page.loopbackHosts);
    setLocal(checked.ok ? null : checked);
    if (checked.ok) ask({ intent: "edit", id: page.subscription.id, revision, form: formOf(values) });
  };
  return (
    <>
      <SaveBar id="webhook-save-bar" open={isDirty}>
        <button variant="primary" onClick={save} disabled={busy} {...(busy ? { loading: "" } : {})}>
          Save
        </button>
        <button onClick={discard} disabled={busy}>
          Discard
        </button>
      </SaveBar>
      {refused !== null && <RefusedBanner refusal={refused.refusal} title="The subscription was not saved" />}
      <SubscriptionFields values={values} refused={refused} disabled={!allowed} onChange={setValues} />
    </>
  );
}
