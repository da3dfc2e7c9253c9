// Settings > Webhooks: the subscriptions with their health, and a test beside each.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData, useSearchParams } from "@remix-run/react";
import {
  BlockStack,
  Box,
  Button,
  Card,
  EmptyState,
  InlineGrid,
  InlineStack,
  Link,
  Page,
  Tabs,
  Text,
} from "@shopify/polaris";
import type { SerializeFrom } from "@remix-run/node";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { webhookAction } from "../admin/webhook-actions.server.ts";
import { readWebhooksPage } from "../admin/webhook-pages.server.ts";
import { answeredInline, unlessUnanswered } from "../components/answered-inline.ts";
import { useQuestion } from "../components/address.ts";
import { Count, Moment, Percent } from "../components/figures.tsx";
import { PlanGate, useAllowed } from "../components/plan-gate.tsx";
import { askedFresh, useFresh } from "../components/use-fresh.ts";
import { Sparkline } from "../components/webhooks/sparkline.tsx";
import { useWebhookAction } from "../components/webhooks/use-webhook-action.ts";
import { isFew, SubscriptionBadge, TestResult } from "../components/webhooks/words.tsx";
import { formatLabel } from "../webhooks/formats/formats.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return { subscriptions: await readWebhooksPage(shopId) };
};

export const action = async ({ request }: ActionFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return webhookAction(shopId, request);
};

export const clientLoader = askedFresh;
export const clientAction = answeredInline;
export const shouldRevalidate = unlessUnanswered;

export default function Webhooks() {
  const { subscriptions } = useFresh(useLoaderData<typeof loader>());
  const allowed = useAllowed("webhooks");
  const chosen = useChosenState();
  const shown = subscriptions.filter((one) => chosen === "" || shownState(one) === chosen);
  return (
    <Page
      backAction={{ content: "Settings", url: "/app/settings" }}
      title="Webhooks"
      subtitle="Signed requests that tell your other systems what happens in the program."
      primaryAction={{
        content: "Create subscription",
        url: "/app/settings/webhooks/new",
        disabled: !allowed,
      }}
      secondaryActions={[{ content: "Event catalogue", url: "/app/settings/events" }]}
    >
      <BlockStack gap="400">
        <PlanGate feature="webhooks" />
        {subscriptions.length === 0 ? (
          <Card>
            <EmptyState
              heading="Tell your other systems"
              image=""
              action={{
                content: "Create subscription",
                url: "/app/settings/webhooks/new",
                disabled: !allowed,
              }}
            >
              <p>
                Enter an address and choose events. Laurel sends each one there, signed, and again for three
                days until your system accepts it.
              </p>
            </EmptyState>
          </Card>
        ) : (
          <>
            {subscriptions.length > 1 && <StateTabs subscriptions={subscriptions} />}
            {shown.map((subscription) => (
              <SubscriptionCard key={subscription.id} subscription={subscription} allowed={allowed} />
            ))}
          </>
        )}
      </BlockStack>
    </Page>
  );
}

type Shown = SerializeFrom<typeof loader>["subscriptions"][number];

// The breaker is a part of how a subscription stands: one that fails is no longer simply enabled.
function shownState({ state, health }: Shown) {
  return state === "enabled" && health.breaker !== "closed" ? "failing" : state;
}

const STATES = [
  ["", "All"],
  ["enabled", "Enabled"],
  ["failing", "Failing"],
  ["paused", "Paused"],
  ["disabled", "Disabled"],
] as const;

function useChosenState() {
  const [asked] = useSearchParams();
  return STATES.find(([state]) => state === asked.get("state"))?.[0] ?? "";
}

function StateTabs({ subscriptions }: { subscriptions: readonly Shown[] }) {
  const { ask } = useQuestion();
  const chosen = useChosenState();
  const count = (state: string) =>
    subscriptions.filter((one) => state === "" || shownState(one) === state).length;
  // A state that no subscription is in is not offered, unless the address asks for it.
  const offered = STATES.filter(([state]) => count(state) > 0 || state === chosen);
  return (
    <Tabs
      tabs={offered.map(([state, label]) => ({
        id: `state-${state}`,
        content: `${label} (${count(state)})`,
      }))}
      selected={offered.findIndex(([state]) => state === chosen)}
      onSelect={(index) => ask({ state: offered[index]?.[0] ?? "" })}
    />
  );
}

function SubscriptionCard({ subscription, allowed }: { subscription: Shown; allowed: boolean }) {
  const { id, url, format, description, state, health, eventTypes } = subscription;
  const { ask, busy, answer } = useWebhookAction();
  const tested = answer?.ok === true && answer.intent === "test" ? answer.value : null;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineGrid columns="1fr auto" gap="300">
          <BlockStack gap="100" inlineAlign="start">
            <Text as="h2" variant="headingSm" breakWord>
              <Link url={`/app/settings/webhooks/${id}`}>{description || url}</Link>
            </Text>
            <Text as="p" tone="subdued" breakWord>
              {description === "" ? "" : `${url} · `}
              {eventTypes.length === 1 ? eventTypes[0] : `${eventTypes.length} events`}
              {format === "laurel" ? "" : ` · ${formatLabel(format)}`}
            </Text>
            <SubscriptionBadge state={state} failing={health.breaker !== "closed"} />
          </BlockStack>
          <Box>
            <Button
              onClick={() => ask({ intent: "test", id, eventType: "test" })}
              loading={busy}
              disabled={!allowed || state !== "enabled"}
              accessibilityLabel={`Test ${description || url}`}
            >
              Test
            </Button>
          </Box>
        </InlineGrid>
        <InlineStack gap="400" blockAlign="center">
          {health.attempts > 0 && <Sparkline hours={health.hours} orMore={health.orMore.attempts} />}
          <Text as="p" tone="subdued">
            <HealthWords health={health} />
          </Text>
        </InlineStack>
        <TestResult
          id={id}
          answer={tested as Parameters<typeof TestResult>[0]["answer"]}
          refused={answer?.ok === false ? answer : null}
        />
      </BlockStack>
    </Card>
  );
}

function HealthWords({ health }: { health: Shown["health"] }) {
  const { attempts, successRate, p95Ms, waiting, orMore, lastFailure, lastFailureAt } = health;
  return (
    <>
      {attempts === 0 ? (
        "Nothing sent in the last 24 hours"
      ) : (
        <>
          <Percent of={successRate ?? 0} /> of <Count of={attempts} orMore={orMore.attempts} />{" "}
          {attempts === 1 ? "attempt" : "attempts"} in 24 hours accepted,{" "}
          {isFew(attempts) ? "slowest answer" : "95% answered within"} {p95Ms} ms
        </>
      )}
      {waiting > 0 && (
        <>
          , <Count of={waiting} orMore={orMore.waiting} /> waiting
        </>
      )}
      .
      {lastFailureAt !== null && lastFailure !== null && (
        <>
          {" "}
          Last failure <Moment at={lastFailureAt} />: {lastFailure}
        </>
      )}
    </>
  );
}
