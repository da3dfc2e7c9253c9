// Points added or taken by hand, with a note that stays in the ledger.
import { useFetcher } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { BlockStack, Checkbox, Modal, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import type { Refused } from "../loyalty/refusal.ts";
import { inWords } from "../loyalty/refusal-words.ts";
import { RefusedBanner } from "./refused-banner.tsx";

/** What the page's action answers. */
export type AdjustAnswer = { ok: true } | Refused;

type Props = { readonly open: boolean; readonly onClose: () => void };

/** The modal. Each opening carries a key of its own, so that a double click adjusts once. */
export function AdjustPoints({ open, onClose }: Props) {
  const fetcher = useFetcher<AdjustAnswer>();
  const bridge = useAppBridge();
  const [key] = useState(() => crypto.randomUUID());
  const [points, setPoints] = useState("");
  const [note, setNote] = useState("");
  const [countsForTier, setCounts] = useState(true);
  const busy = fetcher.state !== "idle";
  const refused = fetcher.data?.ok === false && !busy ? fetcher.data : null;
  const errorOf = (field: string) => (refused?.field === field ? inWords(refused.refusal) : false);

  useEffect(() => {
    if (fetcher.data?.ok !== true) return;
    bridge.toast.show("Points adjusted");
    onClose();
  }, [fetcher.data, bridge, onClose]);

  const submit = () => {
    if (busy) return;
    fetcher.submit({ points, note, countsForTier: String(countsForTier), key }, { method: "post" });
  };
  return (
    <Modal
      open={open}
      onClose={onClose}
      title="Adjust points"
      primaryAction={{ content: "Adjust", onAction: submit, loading: busy }}
      secondaryActions={[{ content: "Cancel", onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          {refused !== null && refused.field === undefined && (
            <RefusedBanner title="The points were not adjusted" refusal={refused.refusal} />
          )}
          <TextField
            label="Points"
            value={points}
            onChange={setPoints}
            error={errorOf("points")}
            placeholder="100 or -50"
            inputMode="numeric"
            autoComplete="off"
          />
          <TextField
            label="Note"
            value={note}
            onChange={setNote}
            error={errorOf("note")}
            maxLength={500}
            multiline={2}
            autoComplete="off"
          />
          <Checkbox
            label="Counts for the tier"
            helpText="Changes lifetime points too; the tier follows at once."
            checked={countsForTier}
            onChange={setCounts}
          />
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
