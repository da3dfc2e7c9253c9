// A delivery: what was sent, what came back, each time.
import type { ActionFunctionArgs, LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import {
  Badge,
  Banner,
  BlockStack,
  ButtonGroup,
  Button,
  Card,
  InlineStack,
  Layout,
  Page,
  Text,
} from "@shopify/polaris";
import { useState } from "react";
import type { SerializeFrom } from "@remix-run/node";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { webhookAction } from "../admin/webhook-actions.server.ts";
import { readDeliveryPage } from "../admin/webhook-pages.server.ts";
import { CopyButton } from "../components/copy-button.tsx";
import { Moment } from "../components/figures.tsx";
import { answeredInline, unlessUnanswered } from "../components/answered-inline.ts";
import { useAllowed } from "../components/plan-gate.tsx";
import { RefusedBanner } from "../components/refused-banner.tsx";
import { askedFresh, useFresh } from "../components/use-fresh.ts";
import { CodeBlock } from "../components/webhooks/secret-card.tsx";
import { useWebhookAction } from "../components/webhooks/use-webhook-action.ts";
import { DeliveryBadge } from "../components/webhooks/words.tsx";
import { asCurl } from "../webhooks/curl.ts";
import { HIDDEN_VALUE } from "../webhooks/custom-headers.ts";
import { wordsOfReason } from "../webhooks/delivery-reason.ts";
import { formatLabel } from "../webhooks/formats/formats.ts";

export const loader = async ({ request, params }: LoaderFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  const page = await readDeliveryPage(shopId, params["deliveryId"] ?? "");
  if (page === null) throw new Response(null, { status: 404 });
  return page;
};

export const action = async ({ request }: ActionFunctionArgs) => {
  const { shopId } = await authenticateAdmin(request);
  return webhookAction(shopId, request);
};

export const clientAction = answeredInline;
export const shouldRevalidate = unlessUnanswered;
export const clientLoader = askedFresh;

export default function DeliveryPage() {
  const { delivery, subscription } = useFresh(useLoaderData<typeof loader>());
  const { ask, busy, answer } = useWebhookAction();
  const allowed = useAllowed("webhooks");
  return (
    <Page
      backAction={{ content: "Subscription", url: `/app/settings/webhooks/${delivery.subscriptionId}` }}
      title={delivery.eventType}
      subtitle={delivery.eventId}
      titleMetadata={<DeliveryBadge state={delivery.state} />}
      primaryAction={{
        content: "Send again",
        loading: busy,
        disabled: !allowed || subscription === null,
        onAction: () => ask({ intent: "replay", ids: [delivery.id] }),
      }}
    >
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {answer?.ok === false && <RefusedBanner title="It was not sent again" refusal={answer.refusal} />}
            {answer?.ok === true && (
              <Banner tone="success" title="It goes out again">
                <p>The same bytes and id; your endpoint may know it already. The attempt shows up here.</p>
              </Banner>
            )}
            {delivery.reason !== null && (
              <Banner tone="warning">
                <p>{wordsOfReason(delivery.reason)}</p>
              </Banner>
            )}
            {delivery.list.length === 0 && (
              <Card>
                <Text as="p">No attempt yet.</Text>
              </Card>
            )}
            {[...delivery.list].reverse().map((attempt) => (
              <Attempt key={attempt.number} attempt={attempt} />
            ))}
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <About delivery={delivery} />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

function About({ delivery }: { delivery: SerializeFrom<typeof loader>["delivery"] }) {
  return (
    <Card>
      <BlockStack gap="200">
        <Text as="h2" variant="headingMd">
          Delivery
        </Text>
        <Text as="p">
          Recorded <Moment at={delivery.createdAt} as="exact" />
        </Text>
        {delivery.dueAt !== null && (
          <Text as="p">
            Next attempt <Moment at={delivery.dueAt} as="exact" />
          </Text>
        )}
        {delivery.format !== "laurel" && <Text as="p">In the format of {formatLabel(delivery.format)}</Text>}
        <Body body={delivery.body} />
      </BlockStack>
    </Card>
  );
}

function Body({ body }: { body: string | null }) {
  const [raw, setRaw] = useState(false);
  return (
    <>
      <InlineStack align="space-between" blockAlign="center" gap="200">
        <Text as="h3" variant="headingSm">
          Body
        </Text>
        {body !== null && (
          <ButtonGroup variant="segmented">
            <Button pressed={!raw} size="slim" onClick={() => setRaw(false)}>
              Readable
            </Button>
            <Button pressed={raw} size="slim" onClick={() => setRaw(true)}>
              As sent
            </Button>
          </ButtonGroup>
        )}
      </InlineStack>
      {body === null ? (
        <Text as="p">Removed after 30 days, or erased.</Text>
      ) : (
        <>
          <CodeBlock text={raw ? body : pretty(body)} wrap={raw} />
          <InlineStack>
            <CopyButton text={body} label="Copy as sent" />
          </InlineStack>
        </>
      )}
    </>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

type Shown = SerializeFrom<typeof loader>["delivery"]["list"][number];

function Attempt({ attempt }: { attempt: Shown }) {
  const { request } = attempt;
  const lines = (headers: Readonly<Record<string, string>>) =>
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}`)
      .join("\n");
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between" gap="200">
          <Text as="h2" variant="headingMd">
            Attempt {attempt.number} {attempt.manual ? "(by hand)" : ""}
          </Text>
          <Badge tone={attempt.failure === null ? "success" : "critical"}>
            {attempt.status === null ? "No answer" : `Status ${attempt.status}`}
          </Badge>
        </InlineStack>
        <Text as="p">
          <Moment at={attempt.startedAt} as="exact" />, {attempt.durationMs} ms.{" "}
          {attempt.failure ?? "Accepted."}
        </Text>
        <Text as="h3" variant="headingSm">
          Request
        </Text>
        {request === null ? (
          <Text as="p" tone="subdued">
            The subscription&apos;s URL, headers or secret changed since, or the body was removed, so the
            request can no longer be shown.
          </Text>
        ) : (
          <>
            <CodeBlock text={`POST ${request.url}\n${lines(request.headers)}`} wrap />
            <BlockStack gap="100" inlineAlign="start">
              <CopyButton text={asCurl(request)} label="Copy as cURL" />
              <Text as="p" tone="subdued" variant="bodySm">
                {Object.values(request.headers).includes(HIDDEN_VALUE)
                  ? `Put your own values in place of ${HIDDEN_VALUE}. `
                  : ""}
                It is signed for the time of this attempt: an endpoint that verifies it refuses it after five
                minutes.
              </Text>
            </BlockStack>
          </>
        )}
        {attempt.status !== null && (
          <>
            <Text as="h3" variant="headingSm">
              Answer
            </Text>
            <CodeBlock
              text={`${lines(attempt.answerHeaders ?? {})}\n\n${attempt.answer ?? ""}`.trim() || "(empty)"}
              wrap
            />
          </>
        )}
      </BlockStack>
    </Card>
  );
}
