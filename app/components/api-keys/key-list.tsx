// The shop's keys: what each may do, when it was used, and the way to end it.
import { Badge, BlockStack, Box, Button, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import { useCallback, useState } from "react";
import type { ApiScopes } from "../../shops/api-areas.ts";
import { Moment } from "../figures.tsx";
import { RevokeKey } from "./revoke-key.tsx";
import { agoInWords, scopesInWords } from "./words.ts";

type ShownKey = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly scopes: ApiScopes;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly usedMsAgo: number | null;
  readonly revokedAt: string | null;
};

export function KeyList({ keys }: { keys: readonly ShownKey[] }) {
  const [revoking, setRevoking] = useState<ShownKey | null>(null);
  const close = useCallback(() => setRevoking(null), []);
  return (
    <>
      <Card padding="0">
        {keys.map((key, index) => (
          <Box
            key={key.id}
            padding="400"
            {...(index === 0 ? {} : { borderBlockStartWidth: "025", borderColor: "border" })}
          >
            <KeyRow shown={key} onRevoke={() => setRevoking(key)} />
          </Box>
        ))}
      </Card>
      {revoking !== null && (
        <RevokeKey id={revoking.id} name={revoking.name} prefix={revoking.prefix} onClose={close} />
      )}
    </>
  );
}

function KeyRow({ shown, onRevoke }: { shown: ShownKey; onRevoke: () => void }) {
  const { name, prefix, scopes, createdAt, lastUsedAt, usedMsAgo, revokedAt } = shown;
  return (
    <InlineGrid columns="1fr auto" gap="300" alignItems="start">
      <BlockStack gap="100">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingSm" breakWord>
            {name}
          </Text>
          {revokedAt !== null && <Badge>Revoked</Badge>}
        </InlineStack>
        <Text as="p" breakWord>
          <code>{prefix}…</code>
        </Text>
        <Text as="p" breakWord>
          {scopesInWords(scopes)}
        </Text>
        <Text as="p" tone="subdued" breakWord>
          Created <Moment at={createdAt} as="day" /> ·{" "}
          {lastUsedAt === null || usedMsAgo === null ? (
            "never used"
          ) : (
            <>
              last used <time dateTime={lastUsedAt}>{agoInWords(usedMsAgo)}</time>
            </>
          )}
          {revokedAt !== null && (
            <>
              {" "}
              · revoked <Moment at={revokedAt} />
            </>
          )}
        </Text>
      </BlockStack>
      {revokedAt === null && (
        <Button onClick={onRevoke} accessibilityLabel={`Revoke ${name}`}>
          Revoke
        </Button>
      )}
    </InlineGrid>
  );
}
