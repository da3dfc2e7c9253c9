// Deleting a subscription, after saying what is lost.
import { useNavigate } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Modal, Text } from "@shopify/polaris";
import { useEffect } from "react";
import { Count } from "../figures.tsx";
import { RefusedBanner } from "../refused-banner.tsx";
import { useWebhookAction } from "./use-webhook-action.ts";

type Props = {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly id: string;
  readonly health: { readonly waiting: number; readonly orMore: { readonly waiting: boolean } };
};

export function DeleteSubscription({ open, onClose, id, health: { waiting, orMore } }: Props) {
  const { ask, busy, answer } = useWebhookAction();
  const bridge = useAppBridge();
  const navigate = useNavigate();
  useEffect(() => {
    if (answer?.ok !== true) return;
    bridge.toast.show("Subscription deleted");
    navigate("/app/settings/webhooks");
  }, [answer, bridge, navigate]);
  return (
    <Modal
      open={open}
      onClose={onClose}
      title="Delete this subscription?"
      primaryAction={{
        content: "Delete",
        destructive: true,
        loading: busy,
        onAction: () => ask({ intent: "delete", id }),
      }}
      secondaryActions={[{ content: "Cancel", onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <BlockStack gap="200">
          {answer?.ok === false && <RefusedBanner refusal={answer.refusal} />}
          <Text as="p">
            {waiting === 0 && "Nothing waits to be sent."}
            {waiting === 1 && "1 delivery waits; it is cancelled."}
            {waiting > 1 && (
              <>
                <Count of={waiting} orMore={orMore.waiting} /> deliveries wait; they are cancelled.
              </>
            )}{" "}
            Its secret stops working, and it cannot be brought back. To stop sending for a while, pause it
            instead.
          </Text>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
