// One event type of the catalogue: when it is sent, its fields, an example, its JSON Schema.
import { BlockStack, Box, Button, Card, Collapsible, InlineStack, Tabs, Text } from "@shopify/polaris";
import { useState } from "react";
import type { EventField } from "../../events/fields.ts";
import { CopyButton } from "../copy-button.tsx";
import { Marked } from "../marked.tsx";
import { CodeBlock } from "./secret-card.tsx";

export type ShownEvent = {
  readonly type: string;
  readonly title: string;
  readonly about: string;
  readonly fields: readonly EventField[];
  readonly example: string;
  readonly schema: string;
};

const TABS = ["Fields", "Example", "JSON Schema"] as const;

export function EventCard({ type, title, about, fields, example, schema }: ShownEvent) {
  const [open, setOpen] = useState(false);
  const [selected, setSelected] = useState(0);
  const panel = `event-${type.replaceAll(".", "-")}`;
  const code = selected === 1 ? example : schema;
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h3" variant="headingSm">
            {type}
          </Text>
          <Button variant="plain" onClick={() => setOpen(!open)} ariaExpanded={open} ariaControls={panel}>
            {open ? "Hide fields" : "Show fields"}
          </Button>
        </InlineStack>
        <Text as="p">
          <Text as="span" fontWeight="semibold">
            {title}.
          </Text>{" "}
          <Marked text={about} />
        </Text>
        <Collapsible id={panel} open={open}>
          {open && (
            <Tabs
              tabs={TABS.map((content, index) => ({ id: `${panel}-${index}`, content }))}
              selected={selected}
              onSelect={setSelected}
            >
              <Box paddingBlockStart="200">
                {selected === 0 ? (
                  <Fields fields={fields} />
                ) : (
                  <BlockStack gap="200" inlineAlign="stretch">
                    <CodeBlock text={code} />
                    <div>
                      <CopyButton text={code} />
                    </div>
                  </BlockStack>
                )}
              </Box>
            </Tabs>
          )}
        </Collapsible>
      </BlockStack>
    </Card>
  );
}

// A list and not a table: on a telephone a table of three columns would have to be pushed sideways.
function Fields({ fields }: { fields: readonly EventField[] }) {
  return (
    <dl style={{ margin: 0 }}>
      {fields.map(({ name, type, about }) => (
        <Box key={name} paddingBlock="200" borderBlockStartWidth="025" borderColor="border">
          <dt>
            <Text as="span" fontWeight="semibold">
              <code>{name}</code>
            </Text>{" "}
            <Text as="span" tone="subdued" breakWord>
              <Marked text={type} />
            </Text>
          </dt>
          {about !== "" && (
            <dd style={{ margin: 0 }}>
              <Marked text={about} />
            </dd>
          )}
        </Box>
      ))}
    </dl>
  );
}
