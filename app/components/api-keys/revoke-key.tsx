// Revoking a key, after saying which one and what stops.
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Modal, Text } from "@shopify/polaris";
import { useEffect } from "react";
import type { ApiKeyAnswer, ApiKeyAsked } from "../../admin/api-key-actions.server.ts";
import { RefusedBanner } from "../refused-banner.tsx";
import { useAction } from "../use-action.ts";

type Props = {
  readonly id: string;
  readonly name: string;
  readonly prefix: string;
  readonly onClose: () => void;
};

export function RevokeKey({ id, name, prefix, onClose }: Props) {
  const { ask, busy, answer } = useAction<ApiKeyAsked, ApiKeyAnswer>();
  const bridge = useAppBridge();
  useEffect(() => {
    if (answer?.ok !== true) return;
    bridge.toast.show("API key revoked");
    onClose();
  }, [answer, bridge, onClose]);
  return (
    <Modal
      open
      onClose={onClose}
      title={`Revoke “${name}”?`}
      primaryAction={{
        content: "Revoke key",
        destructive: true,
        loading: busy,
        onAction: () => ask({ intent: "revoke", id }),
      }}
      secondaryActions={[{ content: "Cancel", onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <BlockStack gap="200">
          {answer?.ok === false && <RefusedBanner title="The key was not revoked" refusal={answer.refusal} />}
          <Text as="p" breakWord>
            Requests with the key <code>{prefix}…</code> are refused from now on. That cannot be undone:
            whatever uses it needs another key.
          </Text>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
