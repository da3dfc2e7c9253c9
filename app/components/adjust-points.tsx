// Points added or taken by hand, with a note that stays in the ledger.
import { useFetcher } from "@remix-run/react";
import { useAppBridge } from "@shopify/app-bridge-react";
import { Banner, BlockStack, Checkbox, Modal, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";

/** What the page's action answers. */
export type AdjustAnswer = { ok: true } | { ok: false; refusal: string; field?: string };

const REFUSED: Readonly<Record<string, string>> = {
  points_not_whole: "Enter whole points, with a minus to take some away.",
  points_zero: "Enter points other than 0.",
  points_too_many: "That is more than one adjustment may change.",
  note_missing: "Say why: the note stays in the ledger.",
  note_too_long: "Use at most 500 characters.",
  insufficient_points: "The member has fewer points than that.",
  member_inactive: "This member is deactivated; points cannot be changed.",
  source_reused: "This adjustment was already made. Close this window and look at the ledger.",
  shop_read_only: "Your Shopify bill is unpaid, so nothing can be changed for now.",
};

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
  const errorOf = (field: string) =>
    refused?.field === field ? (REFUSED[refused.refusal] ?? refused.refusal) : false;

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
            <Banner tone="critical">
              <p>{REFUSED[refused.refusal] ?? "The points were not adjusted. Try again in a moment."}</p>
            </Banner>
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
