// The event catalogue: every event, when it is sent, its fields, an example, its JSON Schema.
import type { LoaderFunctionArgs } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { BlockStack, Box, Card, EmptySearchResult, Page, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { authenticateAdmin } from "../admin/authenticate.server.ts";
import { readEventCatalogue } from "../admin/event-pages.server.ts";
import { EventCard } from "../components/webhooks/event-card.tsx";
import { GROUP_LABELS } from "../components/webhooks/words.tsx";

export const loader = async ({ request }: LoaderFunctionArgs) => {
  await authenticateAdmin(request);
  return { events: readEventCatalogue() };
};

export default function Events() {
  const { events } = useLoaderData<typeof loader>();
  const [words, setWords] = useState("");
  const wanted = words.trim().toLowerCase();
  const found = events.filter(({ type, title, about, fields }) =>
    [type, title, about, ...fields.map(({ name }) => name)].some((text) =>
      text.toLowerCase().includes(wanted),
    ),
  );
  const groups = [...new Set(found.map(({ group }) => group))];
  return (
    <Page
      backAction={{ content: "Webhooks", url: "/app/settings/webhooks" }}
      title="Event catalogue"
      subtitle="What Laurel tells your systems, and in which words."
    >
      <BlockStack gap="400">
        <Card>
          <TextField
            label="Search events and fields"
            labelHidden
            placeholder="Search events and fields"
            value={words}
            onChange={setWords}
            clearButton
            onClearButtonClick={() => setWords("")}
            autoComplete="off"
          />
        </Card>
        <div aria-live="polite">
          {found.length === 0 && (
            <Card>
              <EmptySearchResult title="No such event" description="Try another word, or a field's name." />
            </Card>
          )}
        </div>
        {groups.map((group) => (
          <BlockStack key={group} gap="200">
            {/* On a telephone cards reach the edges, and what stands beside them must not. */}
            <Box paddingInline={{ xs: "400", sm: "0" }}>
              <Text as="h2" variant="headingMd">
                {GROUP_LABELS[group]}
              </Text>
            </Box>
            {found
              .filter((event) => event.group === group)
              .map((event) => (
                <EventCard key={event.type} {...event} />
              ))}
          </BlockStack>
        ))}
      </BlockStack>
    </Page>
  );
}
