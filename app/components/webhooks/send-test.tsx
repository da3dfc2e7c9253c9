// Sends the example of any event type and shows the answer.
import { BlockStack, Box, Button, Card, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { EVENT_TYPES } from "../../events/catalogue.ts";
import { carries } from "../../webhooks/formats/formats.ts";
import type { TestAnswer } from "../../webhooks/send-test.server.ts";
import { useWebhookAction } from "./use-webhook-action.ts";
import { TestResult } from "./words.tsx";

type Props = {
  readonly id: string;
  readonly format: string;
  readonly eventTypes: readonly string[];
  readonly disabled: boolean;
};

export function SendTest({ id, format, eventTypes, disabled }: Props) {
  const { ask, busy, answer } = useWebhookAction();
  const [chosen, setType] = useState<string>("test");
  const wanted = new Set([...eventTypes, "test"]);
  const possible = EVENT_TYPES.filter((known) => carries(format, known));
  // Not every format has a test of its own.
  const type = possible.find((known) => known === chosen) ?? possible[0] ?? "test";
  const options = possible.sort((a, b) => Number(wanted.has(b)) - Number(wanted.has(a)));
  const tested = answer?.ok === true && answer.intent === "test" ? (answer.value as TestAnswer) : null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Test
        </Text>
        <Select
          label="Send the example of"
          options={options}
          value={type}
          onChange={setType}
          disabled={disabled}
        />
        <div>
          <Button
            onClick={() => ask({ intent: "test", id, eventType: type })}
            loading={busy}
            disabled={disabled}
          >
            Send test
          </Button>
          <div aria-live="polite">
            {answer !== null && (
              <Box paddingBlockStart="300">
                <TestResult id={id} answer={tested} refused={answer.ok ? null : answer} />
              </Box>
            )}
          </div>
        </div>
      </BlockStack>
    </Card>
  );
}
