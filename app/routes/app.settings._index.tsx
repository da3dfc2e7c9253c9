// Settings: where each kind of setting is.
import { Card, Layout, Link, Page, Text } from "@shopify/polaris";

const ROOMS = [
  ["Webhooks", "/app/settings/webhooks", "Tell other systems what happens, signed and replayable."],
  [
    "Event catalogue",
    "/app/settings/events",
    "Every event that Laurel sends, with its fields and an example.",
  ],
  ["Privacy", "/app/settings/privacy", "What customers asked to see of their data."],
] as const;

export default function Settings() {
  return (
    <Page title="Settings">
      <Layout>
        {ROOMS.map(([title, url, about]) => (
          <Layout.AnnotatedSection key={url} title={title} description={about}>
            <Card>
              <Text as="p">
                <Link url={url}>Open {title.toLowerCase()}</Link>
              </Text>
            </Card>
          </Layout.AnnotatedSection>
        ))}
      </Layout>
    </Page>
  );
}
