// A new key, shown this once, with the first request to make with it.
import { Banner, BlockStack, InlineStack, Link, Text, TextField } from "@shopify/polaris";
import { CopyButton } from "../copy-button.tsx";
import { CodeBlock } from "../webhooks/secret-card.tsx";
import type { MadeKey } from "./create-key.tsx";
import { firstRequest } from "./words.ts";

type Props = { readonly made: MadeKey; readonly apiUrl: string; readonly onDismiss: () => void };

export function MadeKeyBanner({ made, apiUrl, onDismiss }: Props) {
  const { key, name, scopes } = made;
  const command = firstRequest(apiUrl, key, scopes);
  return (
    <Banner tone="success" title={`API key “${name}” created`} onDismiss={onDismiss}>
      <BlockStack gap="400">
        <Text as="p">Copy it now: it is not shown again. Keep it where you keep passwords.</Text>
        <InlineStack gap="200" blockAlign="end">
          <div style={{ flex: "1 1 16rem" }}>
            <TextField label="API key" value={key} readOnly monospaced autoComplete="off" selectTextOnFocus />
          </div>
          <CopyButton text={key} label="Copy key" />
        </InlineStack>
        <BlockStack gap="200" inlineAlign="start">
          <Text as="p">
            Try it; the{" "}
            <Link url={`${apiUrl}/docs`} target="_blank">
              API reference
            </Link>{" "}
            has everything else:
          </Text>
          <div style={{ width: "100%" }}>
            <CodeBlock text={command} wrap />
          </div>
          <CopyButton text={command} label="Copy command" />
        </BlockStack>
      </BlockStack>
    </Banner>
  );
}
