// The deliveries of a subscription: filters, pages, and sending again one, the selected, or all that failed.
import { useSearchParams } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  EmptySearchResult,
  IndexTable,
  InlineGrid,
  InlineStack,
  Link,
  Select,
  Text,
  TextField,
  useIndexResourceState,
} from "@shopify/polaris";
import { SUBSCRIBABLE_TYPES } from "../../events/catalogue.ts";
import type { DeliveryState } from "../../webhooks/list-deliveries.server.ts";
import { Moment } from "../figures.tsx";
import { inWords } from "../refusal-words.ts";
import { useWebhookAction } from "./use-webhook-action.ts";
import { DELIVERY_LABELS, DeliveryBadge } from "./words.tsx";

type Row = {
  readonly id: string;
  readonly eventType: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly lastFailure: string | null;
  readonly createdAt: string;
};

type Log = {
  readonly id: string;
  readonly deliveries: readonly Row[];
  readonly next: string | null;
  /** How many failed in the last three days and can be sent again. */
  readonly failed: number;
  readonly since: string;
  readonly disabled: boolean;
};

export function DeliveryLog({ id, deliveries, next, failed, since, disabled }: Log) {
  const { ask, busy, answer } = useWebhookAction();
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="300">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              Deliveries
            </Text>
            {failed > 0 && (
              <Button
                disabled={disabled}
                loading={busy}
                onClick={() => ask({ intent: "replay_failed", id, since })}
              >
                {`Send again ${failed} that failed in three days`}
              </Button>
            )}
          </InlineStack>
          <ReplayAnswer answer={answer} />
          <LogFilters />
        </BlockStack>
      </Box>
      <DeliveryTable
        id={id}
        deliveries={deliveries}
        next={next}
        disabled={disabled}
        onReplay={(ids) => ask({ intent: "replay", ids })}
      />
    </Card>
  );
}

type Table = Pick<Log, "id" | "deliveries" | "next" | "disabled"> & {
  readonly onReplay: (ids: string[]) => void;
};

function DeliveryTable({ id, deliveries, next, disabled, onReplay }: Table) {
  const [asked, setAsked] = useSearchParams();
  const rows = deliveries.map((row) => ({ ...row }));
  const { selectedResources, allResourcesSelected, handleSelectionChange, clearSelection } =
    useIndexResourceState(rows);
  const turn = (after: string | null) => {
    const changed = new URLSearchParams(asked);
    if (after === null) changed.delete("after");
    else changed.set("after", after);
    clearSelection();
    setAsked(changed, { preventScrollReset: true });
  };
  return (
    <IndexTable
      resourceName={{ singular: "delivery", plural: "deliveries" }}
      itemCount={rows.length}
      selectedItemsCount={allResourcesSelected ? "All" : selectedResources.length}
      onSelectionChange={handleSelectionChange}
      selectable={!disabled}
      headings={[
        { title: "Event" },
        { title: "State" },
        { title: "Attempts" },
        { title: "When" },
        { title: "Last failure" },
      ]}
      promotedBulkActions={[{ content: "Send again", onAction: () => onReplay(selectedResources) }]}
      emptyState={
        <EmptySearchResult title="No deliveries" description="None yet, or none that fits the filter." />
      }
      pagination={{
        hasNext: next !== null,
        onNext: () => turn(next),
        hasPrevious: asked.has("after"),
        onPrevious: () => turn(null),
      }}
    >
      {rows.map((row, position) => (
        <IndexTable.Row
          key={row.id}
          id={row.id}
          position={position}
          selected={selectedResources.includes(row.id)}
        >
          <IndexTable.Cell>
            <Link url={`/app/settings/webhooks/${id}/deliveries/${row.id}`} dataPrimaryLink>
              {row.eventType}
            </Link>
          </IndexTable.Cell>
          <IndexTable.Cell>
            <DeliveryBadge state={row.state} />
          </IndexTable.Cell>
          <IndexTable.Cell>{row.attempts}</IndexTable.Cell>
          <IndexTable.Cell>
            <Moment at={row.createdAt} as="exact" />
          </IndexTable.Cell>
          <IndexTable.Cell>{row.lastFailure ?? ""}</IndexTable.Cell>
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

function ReplayAnswer({ answer }: { answer: ReturnType<typeof useWebhookAction>["answer"] }) {
  if (answer === null) return null;
  if (!answer.ok) {
    return (
      <Banner tone="critical" title="Nothing was sent again">
        <p>{inWords(answer.refusal)}</p>
      </Banner>
    );
  }
  if (!("replayed" in answer.value)) return null;
  const { replayed } = answer.value;
  const skipped = "skipped" in answer.value ? answer.value.skipped : 0;
  return (
    <Banner
      tone="success"
      title={replayed === 1 ? "1 delivery goes out again" : `${replayed} deliveries go out again`}
    >
      {skipped > 0 && <p>{skipped} were under way or can no longer be sent.</p>}
    </Banner>
  );
}

const FIELDS = [
  ["member", "Member id"],
  ["order", "Order id"],
  ["event", "Event id"],
] as const;

function LogFilters() {
  const [asked, setAsked] = useSearchParams();
  const set = (name: string, value: string) => {
    const changed = new URLSearchParams(asked);
    changed.delete("after");
    if (value === "") changed.delete(name);
    else changed.set(name, value);
    setAsked(changed, { replace: true, preventScrollReset: true });
  };
  const any = { label: "Any", value: "" };
  return (
    <InlineGrid columns={{ xs: 2, md: 4, lg: 7 }} gap="200">
      <Select
        label="State"
        options={[any, ...DELIVERY_LABELS]}
        value={asked.get("state") ?? ""}
        onChange={(value) => set("state", value)}
      />
      <Select
        label="Event"
        options={[any, ...SUBSCRIBABLE_TYPES.map((type) => ({ label: type, value: type }))]}
        value={asked.get("type") ?? ""}
        onChange={(value) => set("type", value)}
      />
      <TextField
        label="From"
        type="date"
        value={asked.get("from") ?? ""}
        onChange={(value) => set("from", value)}
        autoComplete="off"
      />
      <TextField
        label="Until"
        type="date"
        value={asked.get("until") ?? ""}
        onChange={(value) => set("until", value)}
        autoComplete="off"
      />
      {FIELDS.map(([name, label]) => (
        <TextField
          key={name}
          label={label}
          value={asked.get(name) ?? ""}
          onChange={(value) => set(name, value)}
          autoComplete="off"
        />
      ))}
    </InlineGrid>
  );
}
