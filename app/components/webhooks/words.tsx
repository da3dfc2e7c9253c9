// States of subscriptions and deliveries as badges, and a test's answer in words.
import { Badge, Banner, Link, Text } from "@shopify/polaris";
import type { EventGroup } from "../../events/shapes.ts";
import type { Refused } from "../../loyalty/refusal.ts";
import type { DeliveryState } from "../../webhooks/list-deliveries.server.ts";
import type { TestAnswer } from "../../webhooks/send-test.server.ts";
import { RefusedBanner } from "../refused-banner.tsx";

const SUBSCRIPTION = {
  enabled: { tone: "success", label: "Enabled" },
  paused: { tone: "attention", label: "Paused" },
  disabled: { tone: "critical", label: "Disabled" },
} as const;

/** A subscription's state; an open breaker shows as failing. */
export function SubscriptionBadge({
  state,
  failing,
}: {
  state: keyof typeof SUBSCRIPTION;
  failing: boolean;
}) {
  if (state === "enabled" && failing) return <Badge tone="warning">Failing</Badge>;
  const { tone, label } = SUBSCRIPTION[state];
  return <Badge tone={tone}>{label}</Badge>;
}

const DELIVERY = {
  pending: { tone: "info", label: "Waiting" },
  delivered: { tone: "success", label: "Delivered" },
  failed: { tone: "critical", label: "Failed" },
  cancelled: { tone: "new", label: "Cancelled" },
  parked: { tone: "warning", label: "Parked" },
} as const;

export const DELIVERY_LABELS = Object.entries(DELIVERY).map(([value, { label }]) => ({ value, label }));

export function DeliveryBadge({ state }: { state: DeliveryState }) {
  const { tone, label } = DELIVERY[state];
  return tone === "new" ? <Badge>{label}</Badge> : <Badge tone={tone}>{label}</Badge>;
}

/** What the groups of event types are called, in the order in which they are shown. */
export const GROUP_LABELS: Readonly<Record<EventGroup, string>> = {
  points: "Points",
  tiers: "Tiers",
  members: "Members",
  orders: "Orders",
  webhooks: "Webhooks",
  test: "Test",
};

/** Why a subscription was disabled. */
export const DISABLED_WORDS: Readonly<Record<string, string>> = {
  merchant: "It was disabled in Laurel.",
  gone: "The endpoint answered 410 Gone: nothing lives there any more.",
  failing: "Every attempt failed for three days.",
  app_uninstalled: "The app was uninstalled.",
};

/** Of so few attempts the 95th percentile is the slowest, and is called so. */
export const isFew = (attempts: number): boolean => attempts < 20;

/** What came of a test. */
export function TestResult({
  answer,
  refused,
  id,
}: {
  answer: TestAnswer | null;
  refused: Refused | null;
  id: string;
}) {
  if (refused !== null) {
    return <RefusedBanner title="The test was not sent" refusal={refused.refusal} />;
  }
  if (answer === null) return null;
  const { delivered, status, durationMs, error } = answer;
  return (
    <Banner
      tone={delivered ? "success" : "critical"}
      title={delivered ? "The endpoint accepted the test" : "The endpoint did not accept the test"}
    >
      <Text as="p" breakWord>
        {status === null ? "" : `Status ${status}, `}
        {durationMs} ms. {error ?? ""}{" "}
        {answer.answer === null || answer.answer === "" ? "" : `It said: ${answer.answer.slice(0, 300)} `}
        <Link url={`/app/settings/webhooks/${id}/deliveries/${answer.deliveryId}`}>See the request</Link>
      </Text>
    </Banner>
  );
}
