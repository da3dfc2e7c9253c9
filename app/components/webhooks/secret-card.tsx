// A secret, shown this once, with a way to copy it and the code that verifies a request with it.
import { Banner, BlockStack, InlineStack, Tabs, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { CopyButton } from "../copy-button.tsx";
import { SNIPPETS } from "../../webhooks/snippets.ts";

export function SecretCard({ secret, title }: { secret: string; title: string }) {
  return (
    <Banner tone="success" title={title}>
      <BlockStack gap="400">
        <Text as="p">
          Copy the signing secret now: it is not shown again. With it your endpoint checks that a request is
          from Laurel.
        </Text>
        <InlineStack gap="200" blockAlign="end">
          <div style={{ flex: "1 1 16rem" }}>
            <TextField
              label="Signing secret"
              value={secret}
              readOnly
              monospaced
              autoComplete="off"
              selectTextOnFocus
            />
          </div>
          <CopyButton text={secret} />
        </InlineStack>
        <Verification />
      </BlockStack>
    </Banner>
  );
}

/** The verification code in each language. */
export function Verification() {
  const [selected, setSelected] = useState(0);
  const snippet = SNIPPETS[selected];
  return (
    <Tabs
      tabs={SNIPPETS.map(({ language, label }) => ({ id: language, content: label }))}
      selected={selected}
      onSelect={setSelected}
    >
      <CodeBlock text={snippet?.code ?? ""} />
    </Tabs>
  );
}

/** Text as it is, with scrolling inside itself; `wrap` breaks long lines instead. */
export function CodeBlock({ text, wrap = false }: { text: string; wrap?: boolean }) {
  const style = {
    ...(wrap ? { whiteSpace: "pre-wrap" as const, overflowWrap: "anywhere" as const } : {}),
    overflow: "auto",
    maxHeight: "20rem",
    padding: "0.75rem",
    margin: 0,
    fontSize: "0.8125rem",
    lineHeight: 1.45,
    background: "var(--p-color-bg-surface-secondary)",
    borderRadius: "var(--p-border-radius-200)",
  };
  return (
    <pre style={style} tabIndex={0}>
      <code>{text}</code>
    </pre>
  );
}
