// Settings: where each kind of setting is.
import { BlockStack, Card, Link, Page, Text } from "@shopify/polaris";

const ROOMS = [
  ["Webhooks", "/app/settings/webhooks", "Tell other systems what happens, signed and replayable."],
  [
    "Event catalogue",
    "/app/settings/events",
    "Every event that Laurel sends, with its fields and an example.",
  ],
  [
    "API keys",
    "/app/settings/api-keys",
    "Who may ask the REST API, for what, and when each key was last used.",
  ],
  ["Privacy", "/app/settings/privacy", "What customers asked to see of their data."],
] as const;

// An abbreviation keeps its capitals.
const inSentence = (title: string) => (/^[A-Z]{2}/.test(title) ? title : title.toLowerCase());

export default function Settings() {
  return (
    <Page title="Settings">
      <BlockStack gap="400">
        {ROOMS.map(([title, url, about]) => (
          <Card key={url}>
            <BlockStack gap="200">
              <Text as="h2" variant="headingMd">
                {title}
              </Text>
              <Text as="p" tone="subdued">
                {about}
              </Text>
              <Text as="p">
                <Link url={url}>Open {inSentence(title)}</Link>
              </Text>
            </BlockStack>
          </Card>
        ))}
      </BlockStack>
    </Page>
  );
}
