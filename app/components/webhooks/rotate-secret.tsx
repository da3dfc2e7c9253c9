// Rotating the secret: old and new sign together for a day, or until somebody says that it is done. In place of one that
// cannot be opened, the new one signs alone.
import { BlockStack, Button, Card, InlineStack, Modal, Text } from "@shopify/polaris";
import { useCallback, useState } from "react";
import { Moment } from "../figures.tsx";
import { RefusedBanner } from "../refused-banner.tsx";
import { SecretCard } from "./secret-card.tsx";
import { useWebhookAction } from "./use-webhook-action.ts";

type Overlap = { readonly hours: number; readonly until: string };
type Props = {
  readonly page: {
    readonly subscription: { readonly id: string; readonly rotationEndsAt: string | null };
    /** How long, and until when, both secrets would sign; null where the old one cannot be opened. */
    readonly overlap: Overlap | null;
  };
  readonly disabled: boolean;
};

export function RotateSecret({ page: { subscription, overlap }, disabled }: Props) {
  const { id, rotationEndsAt: endsAt } = subscription;
  const { ask, busy, answer } = useWebhookAction();
  const [asking, setAsking] = useState(false);
  const close = useCallback(() => setAsking(false), []);
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
            <Text as="p">
              {overlap === null
                ? "It can no longer be opened, so deliveries are set aside. Rotate it, then send them again."
                : "It was shown once. If it is lost or known to others, rotate it."}
            </Text>
            <InlineStack>
              <Button onClick={() => setAsking(true)} loading={busy} disabled={disabled}>
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
      {asking && (
        <Confirm
          overlap={overlap}
          onClose={close}
          onConfirm={() => {
            ask({ intent: "rotate", id });
            close();
          }}
        />
      )}
    </Card>
  );
}

type Question = {
  readonly overlap: Overlap | null;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
};

function Confirm({ overlap, onClose, onConfirm }: Question) {
  return (
    <Modal
      open
      onClose={onClose}
      title="Rotate the signing secret?"
      primaryAction={{ content: "Rotate", onAction: onConfirm }}
      secondaryActions={[{ content: "Cancel", onAction: onClose }]}
    >
      <Modal.Section>
        <Text as="p">
          You get a new secret, shown once.{" "}
          {overlap === null ? (
            "The old one can no longer be opened, so the new one signs alone, and at once."
          ) : (
            <>
              For {overlap.hours} hours, until <Moment at={overlap.until} />, every request is signed with
              both; then only with the new one. Until then you can cancel, or finish sooner.
            </>
          )}
        </Text>
      </Modal.Section>
    </Modal>
  );
}
