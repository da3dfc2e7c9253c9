// Settings > Webhooks: the subscriptions with their health, and a test beside each.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Button, Card, EmptyState, InlineStack, Link, Page, Text } from "@shopify/polaris";
import type { SerializeFrom } from "@remix-run/node";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { webhookAction } from "../admin/webhook-actions.server.ts";
import { readWebhooksPage } from "../admin/webhook-pages.server.ts";
import { Moment } from "../components/figures.tsx";
import { PlanGate, useWebhooksAllowed } from "../components/webhooks/plan-gate.tsx";
import { Sparkline } from "../components/webhooks/sparkline.tsx";
import { useWebhookAction } from "../components/webhooks/use-webhook-action.ts";
import { SubscriptionBadge, TestResult } from "../components/webhooks/words.tsx";
import { formatLabel } from "../webhooks/formats/formats.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return { subscriptions: await readWebhooksPage(shopId) };
};

export const action = async ({ request }: ActionFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return webhookAction(shopId, request);
};

export default function Webhooks() {
  const { subscriptions } = useLoaderData<typeof loader>();
  const allowed = useWebhooksAllowed();
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
        <PlanGate />
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
          subscriptions.map((subscription) => (
            <SubscriptionCard key={subscription.id} subscription={subscription} allowed={allowed} />
          ))
        )}
      </BlockStack>
    </Page>
  );
}

type Shown = SerializeFrom<typeof loader>["subscriptions"][number];

function SubscriptionCard({ subscription, allowed }: { subscription: Shown; allowed: boolean }) {
  const { id, url, format, description, state, health, eventTypes } = subscription;
  const { ask, busy, answer } = useWebhookAction();
  const tested = answer?.ok === true && answer.intent === "test" ? answer.value : null;
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" blockAlign="start" gap="300">
          <BlockStack gap="100">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h2" variant="headingSm" breakWord>
                <Link url={`/app/settings/webhooks/${id}`}>{description || url}</Link>
              </Text>
              <SubscriptionBadge state={state} failing={health.breaker !== "closed"} />
            </InlineStack>
            <Text as="p" tone="subdued" breakWord>
              {description === "" ? "" : `${url} · `}
              {eventTypes.length === 1 ? eventTypes[0] : `${eventTypes.length} events`}
              {format === "laurel" ? "" : ` · ${formatLabel(format)}`}
            </Text>
          </BlockStack>
          <Button
            onClick={() => ask({ intent: "test", id, eventType: "test" })}
            loading={busy}
            disabled={!allowed || state !== "enabled"}
            accessibilityLabel={`Test ${description || url}`}
          >
            Test
          </Button>
        </InlineStack>
        <InlineStack gap="400" blockAlign="center">
          <Sparkline hours={health.hours} />
          <Text as="span" tone="subdued">
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
  const { attempts, successRate, p95Ms, waiting, lastFailure, lastFailureAt } = health;
  if (attempts === 0)
    return <>Nothing sent in the last 24 hours{waiting > 0 ? `; ${waiting} waiting` : ""}.</>;
  return (
    <>
      {Math.floor((successRate ?? 0) * 1000) / 10} % of {attempts} attempts in 24 hours accepted, p95 {p95Ms}{" "}
      ms
      {waiting > 0 ? `, ${waiting} waiting` : ""}.
      {lastFailureAt !== null && lastFailure !== null && (
        <>
          {" "}
          Last failure <Moment at={lastFailureAt} />: {lastFailure}
        </>
      )}
    </>
  );
}
