// Rotating the secret: old and new sign together for a day, or until somebody says that it is done.
import { BlockStack, Button, Card, InlineStack, Text } from "@shopify/polaris";
import { Moment } from "../figures.tsx";
import { RefusedBanner } from "../refused-banner.tsx";
import { SecretCard } from "./secret-card.tsx";
import { useWebhookAction } from "./use-webhook-action.ts";

type Props = { readonly id: string; readonly endsAt: string | null; readonly disabled: boolean };

export function RotateSecret({ id, endsAt, disabled }: Props) {
  const { ask, busy, answer } = useWebhookAction();
  const fresh =
    answer?.ok === true && answer.intent === "rotate" && "secret" in answer.value ? answer.value : null;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Signing secret
        </Text>
        {answer?.ok === false && <RefusedBanner refusal={answer.refusal} />}
        {fresh !== null && <SecretCard secret={fresh.secret} title="The new secret" />}
        {endsAt === null ? (
          <>
            <Text as="p">It was shown once. If it is lost or known to others, rotate it.</Text>
            <InlineStack>
              <Button onClick={() => ask({ intent: "rotate", id })} loading={busy} disabled={disabled}>
                Rotate secret
              </Button>
            </InlineStack>
          </>
        ) : (
          <>
            <Text as="p">
              Old and new secret both sign until <Moment at={endsAt} />. Put the new one into your endpoint,
              then finish.
            </Text>
            <InlineStack gap="200">
              <Button
                variant="primary"
                onClick={() => ask({ intent: "finish_rotation", id })}
                loading={busy}
                disabled={disabled}
              >
                Finish now
              </Button>
              <Button
                onClick={() => ask({ intent: "cancel_rotation", id })}
                loading={busy}
                disabled={disabled}
              >
                Cancel rotation
              </Button>
            </InlineStack>
          </>
        )}
      </BlockStack>
    </Card>
  );
}
