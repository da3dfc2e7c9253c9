// "Send again all that failed since…": choose a time, see how many that are, then send.
import { BlockStack, Modal, Select, Text, TextField } from "@shopify/polaris";
import { useEffect, useState } from "react";
import { clockAt, momentAt } from "../../shops/shop-time.ts";
import { LOG_TIMES } from "../../webhooks/log-times.ts";
import { RefusedBanner } from "../refused-banner.tsx";
import { useShop } from "../shop-context.tsx";
import { useAsked } from "../use-asked.ts";
import { countOf } from "./replay-reader.ts";
import { useWebhookAction } from "./use-webhook-action.ts";

const CHOSEN = "chosen";
const OPTIONS = [
  ...LOG_TIMES.map(({ value, label }) => ({ value, label })),
  { value: CHOSEN, label: "Since a time…" },
];
const USUAL = "3d";

type Props = { readonly id: string; readonly onClose: () => void };

/** The dialog; drawn only while it is open, so that each opening begins anew. */
export function SendFailedAgain({ id, onClose }: Props) {
  const { timezone } = useShop();
  const { ask, busy, answer } = useWebhookAction();
  const [openedAt] = useState(() => new Date());
  const [recent, setRecent] = useState(USUAL);
  const [clock, setClock] = useState(() => clockAt(openedAt, timezone));
  const back = LOG_TIMES.find(({ value }) => value === recent);
  const since = back === undefined ? momentAt(clock, timezone) : new Date(openedAt.getTime() - back.ms);
  const url =
    since === null
      ? null
      : `/app/settings/webhooks/${id}/replay?since=${encodeURIComponent(since.toISOString())}`;
  const counted = useAsked(url, null, countOf);
  useEffect(() => {
    if (answer?.ok === true) onClose();
  }, [answer, onClose]);
  return (
    <Modal
      open
      onClose={onClose}
      title="Send failed deliveries again"
      primaryAction={{
        content: (counted.value ?? 0) === 0 ? "Send again" : `Send ${counted.value} again`,
        disabled: since === null || (counted.value ?? 0) === 0,
        loading: busy,
        onAction: () => since !== null && ask({ intent: "replay_failed", id, since: since.toISOString() }),
      }}
      secondaryActions={[{ content: "Cancel", onAction: onClose, disabled: busy }]}
    >
      <Modal.Section>
        <BlockStack gap="400">
          {answer?.ok === false && <RefusedBanner title="Nothing was sent again" refusal={answer.refusal} />}
          <Select label="Time" options={OPTIONS} value={recent} onChange={setRecent} />
          {back === undefined && (
            <TextField
              label="Since"
              type="datetime-local"
              value={clock}
              onChange={setClock}
              error={since === null ? "Enter a day and a time." : false}
              helpText={`On the shop's clocks (${timezone}).`}
              autoComplete="off"
            />
          )}
          <div aria-live="polite">
            <Counted asked={counted} />
          </div>
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}

function Counted({ asked: { value, problem } }: { asked: ReturnType<typeof useAsked<number>> }) {
  if (problem === "session") return <RefusedBanner refusal="session_over" />;
  if (problem === "unreachable") return <Text as="p">They could not be counted. Check your connection.</Text>;
  if (value === null) return <Text as="p">Counting…</Text>;
  if (value === 0) return <Text as="p">Nothing failed since then that can be sent again.</Text>;
  return (
    <Text as="p">
      {value === 1 ? "1 delivery failed" : `${value} deliveries failed`} since then. Each goes out with the
      same bytes and id as before; an endpoint that has seen it can tell by the id.
    </Text>
  );
}
