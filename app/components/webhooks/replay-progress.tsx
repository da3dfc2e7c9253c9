// How far "send again all that failed" is: it goes on without this page, and is found here on coming back.
import { useRevalidator } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, InlineStack, ProgressBar, Text } from "@shopify/polaris";
import { useEffect } from "react";
import { Moment } from "../figures.tsx";
import { RefusedBanner } from "../refused-banner.tsx";
import { useAsked } from "../use-asked.ts";
import { isUnderWay, replayOf } from "./replay-reader.ts";
import type { ReplayShown } from "./replay-reader.ts";
import { useWebhookAction } from "./use-webhook-action.ts";

const EVERY_MS = 1_500;

type Props = { readonly subscriptionId: string; readonly replay: ReplayShown };

export function ReplayProgress({ subscriptionId, replay: given }: Props) {
  const { revalidate } = useRevalidator();
  const { ask, busy, answer } = useWebhookAction();
  const live = isUnderWay(given);
  const url = live ? `/app/settings/webhooks/${subscriptionId}/replay` : null;
  const { value, problem } = useAsked(url, EVERY_MS, replayOf);
  const replay = value ?? given;
  const isOver = live && !isUnderWay(replay);
  // Over: the page's own data is read once more, and the asking ends with it.
  useEffect(() => {
    if (isOver) revalidate();
  }, [isOver, revalidate]);
  const stop = () => ask({ intent: "stop_replay", id: replay.id });
  return (
    <Box padding="300" background="bg-surface-secondary" borderRadius="200">
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h3" variant="headingSm" id="replay-words">
            {titleOf(replay)}
          </Text>
          {replay.stoppable && (
            <Button size="slim" onClick={stop} loading={busy}>
              Stop
            </Button>
          )}
        </InlineStack>
        {problem === "session" && <RefusedBanner refusal="session_over" />}
        {answer?.ok === false && <RefusedBanner refusal={answer.refusal} />}
        <ProgressBar progress={partOf(replay)} size="small" tone="primary" ariaLabelledBy="replay-words" />
        <div aria-live="polite">
          <InlineStack gap="200">
            {tallyOf(replay).map(([label, count, tone]) => (
              <Badge key={label} {...(tone === null ? {} : { tone })}>{`${label}: ${count}`}</Badge>
            ))}
          </InlineStack>
        </div>
        <Text as="p" tone="subdued" variant="bodySm">
          Failed since <Moment at={replay.since} />. Started <Moment at={replay.startedAt} as="exact" />
          {isUnderWay(replay) ? ". You can leave this page; it goes on." : "."}
        </Text>
      </BlockStack>
    </Box>
  );
}

function titleOf(replay: ReplayShown): string {
  const of = replay.total === 1 ? "1 delivery" : `${replay.total} deliveries`;
  if (replay.state === "stopped") return `Stopped: ${replay.total - leftOf(replay)} of ${of} sent again`;
  return isUnderWay(replay) ? `Sending ${of} again` : `Sent ${of} again`;
}

const leftOf = ({ total, taken, left }: ReplayShown) => Math.max(0, total - taken) + left;

function partOf(replay: ReplayShown): number {
  const { total, taken, waiting, left } = replay;
  const done = replay.state === "stopped" ? taken - left : taken - waiting;
  return Math.max(0, Math.min(100, (done * 100) / Math.max(1, total)));
}

function tallyOf(
  replay: ReplayShown,
): readonly (readonly [string, number, "success" | "info" | "warning" | "critical" | null])[] {
  const { delivered, waiting, retrying, failed, total, taken, state } = replay;
  const rows = [
    ["Delivered", delivered, "success"],
    ["Waiting", waiting + (state === "running" ? Math.max(0, total - taken) : 0), "info"],
    ["Failed, tried again later", retrying, "warning"],
    ["Failed again", failed, "critical"],
    ["Left as they were", state === "stopped" ? leftOf(replay) : replay.left, null],
  ] as const;
  return rows.filter(([, count], index) => count > 0 || index === 0);
}
