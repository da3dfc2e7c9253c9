// The event catalogue: every event, when it is sent, its fields, an example, its JSON Schema.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Card, Collapsible, Button, InlineStack, Page, Tabs, Text } from "@shopify/polaris";
import { useState } from "react";
import { z } from "zod";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { CodeBlock } from "../components/webhooks/secret-card.tsx";
import { catalogueRow, EVENT_TYPES } from "../events/catalogue.ts";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  await authenticateAdmin(request);
  return {
    events: EVENT_TYPES.map((type) => {
      const { title, about, data, example } = catalogueRow(type);
      const schema = JSON.stringify(z.toJSONSchema(data), null, 2);
      return { type, title, about, example: JSON.stringify(example, null, 2), schema };
    }),
  };
};

export default function Events() {
  const { events } = useLoaderData<typeof loader>();
  return (
    <Page
      backAction={{ content: "Webhooks", url: "/app/settings/webhooks" }}
      title="Event catalogue"
      subtitle="What Laurel tells your systems, and in which words."
    >
      <BlockStack gap="400">
        {events.map((event) => (
          <EventCard key={event.type} {...event} />
        ))}
      </BlockStack>
    </Page>
  );
}

type Shown = { type: string; title: string; about: string; example: string; schema: string };
const TABS = [
  { id: "example", content: "Example" },
  { id: "schema", content: "JSON Schema" },
];

function EventCard({ type, title, about, example, schema }: Shown) {
  const [open, setOpen] = useState(false);
  const [selected, setSelected] = useState(0);
  return (
    <Card>
      <BlockStack gap="200">
        <InlineStack align="space-between" blockAlign="center" gap="200">
          <Text as="h2" variant="headingMd">
            {type}
          </Text>
          <Button
            variant="plain"
            onClick={() => setOpen(!open)}
            ariaExpanded={open}
            ariaControls={`event-${type}`}
          >
            {open ? "Hide fields" : "Show fields"}
          </Button>
        </InlineStack>
        <Text as="p">
          {title}. {about}
        </Text>
        <Collapsible id={`event-${type}`} open={open}>
          <Tabs
            tabs={TABS.map((tab) => ({ ...tab, id: `${type}-${tab.id}` }))}
            selected={selected}
            onSelect={setSelected}
          >
            <CodeBlock text={selected === 0 ? example : schema} />
          </Tabs>
        </Collapsible>
      </BlockStack>
    </Card>
  );
}
