// The deliveries of a subscription: filters, pages, and sending again one, the selected, or all that failed.
import { useNavigation, useSearchParams } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  EmptySearchResult,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from "@shopify/polaris";
import { useCallback, useEffect, useState } from "react";
import type { DeliveryState } from "../../webhooks/list-deliveries.server.ts";
import { useTurns, withValues } from "../address.ts";
import { Moment } from "../figures.tsx";
import { RefusedBanner } from "../refused-banner.tsx";
import { DeliveryFilters } from "./delivery-filters.tsx";
import { ReplayProgress } from "./replay-progress.tsx";
import { isUnderWay } from "./replay-reader.ts";
import type { ReplayShown } from "./replay-reader.ts";
import { SendFailedAgain } from "./send-failed-again.tsx";
import { useWebhookAction } from "./use-webhook-action.ts";
import { DeliveryBadge } from "./words.tsx";

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
  readonly previous: string | null;
  /** The newest replay, while it is worth showing. */
  readonly replay: ReplayShown | null;
  readonly disabled: boolean;
};

export function DeliveryLog({ id, deliveries, next, previous, replay, disabled }: Log) {
  const { ask, busy, answer } = useWebhookAction();
  const [asked] = useSearchParams();
  const [choosing, setChoosing] = useState(false);
  const close = useCallback(() => setChoosing(false), []);
  const loading = useNavigation().state === "loading";
  return (
    <Card padding="0">
      <Box padding="400">
        <BlockStack gap="300">
          <InlineStack align="space-between" blockAlign="center" gap="200">
            <Text as="h2" variant="headingMd">
              Deliveries
            </Text>
            <Button disabled={disabled} onClick={() => setChoosing(true)}>
              Send failed again…
            </Button>
          </InlineStack>
          <ReplayAnswer answer={answer} />
          {replay !== null && isWorthShowing(replay) && (
            <ReplayProgress key={replay.id} subscriptionId={id} replay={replay} />
          )}
        </BlockStack>
      </Box>
      <DeliveryFilters loading={loading} />
      <DeliveryTable
        // Another question begins with nothing selected; a look at the settings, or at another page, asks the same.
        key={withValues(asked, { view: "" }).toString()}
        id={id}
        deliveries={deliveries}
        next={next}
        previous={previous}
        disabled={disabled}
        replaying={busy}
        replayed={answer?.ok === true ? answer : null}
        onReplay={(ids) => ask({ intent: "replay", ids })}
      />
      {choosing && <SendFailedAgain id={id} onClose={close} />}
    </Card>
  );
}

// One that found nothing to send is over at once.
const isWorthShowing = (replay: ReplayShown) => replay.total > 0 || isUnderWay(replay);

type Table = Pick<Log, "id" | "deliveries" | "next" | "previous" | "disabled"> & {
  readonly replaying: boolean;
  /** The newest answer that was yes. */
  readonly replayed: object | null;
  readonly onReplay: (ids: string[]) => void;
};

function DeliveryTable(table: Table) {
  const { id, deliveries, next, previous, disabled, replaying, replayed, onReplay } = table;
  const { smDown } = useBreakpoints();
  const rows = deliveries.map((row) => ({ ...row }));
  const { selectedResources, handleSelectionChange, clearSelection } = useIndexResourceState(rows);
  // What newer ones pushed off the page meanwhile is not sent unseen.
  const selected = selectedResources.filter((one) => rows.some((row) => row.id === one));
  const isAll = rows.length > 0 && selected.length === rows.length;
  const { onNext, onPrevious, ...turns } = useTurns({ next, previous });
  useEffect(() => {
    if (replayed !== null) clearSelection();
  }, [replayed, clearSelection]);
  const turn = (go: () => void) => () => {
    clearSelection();
    go();
  };
  return (
    <IndexTable
      condensed={smDown}
      resourceName={{ singular: "delivery", plural: "deliveries" }}
      itemCount={rows.length}
      selectedItemsCount={isAll ? "All" : selected.length}
      onSelectionChange={handleSelectionChange}
      selectable={!disabled}
      headings={[
        { title: "Event" },
        { title: "State" },
        { title: "Attempts" },
        { title: "When" },
        { title: "Last failure" },
      ]}
      promotedBulkActions={[
        { content: "Send again", disabled: replaying, onAction: () => onReplay(selected) },
      ]}
      emptyState={
        <EmptySearchResult title="No deliveries" description="No deliveries yet, or none match the filter." />
      }
      pagination={{ ...turns, onNext: turn(onNext), onPrevious: turn(onPrevious) }}
    >
      {rows.map((row, position) => (
        <IndexTable.Row key={row.id} id={row.id} position={position} selected={selected.includes(row.id)}>
          {smDown ? <NarrowRow id={id} row={row} /> : <WideRow id={id} row={row} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
}

type Shown = { readonly id: string; readonly row: Row };

function WideRow({ id, row }: Shown) {
  return (
    <>
      <IndexTable.Cell>
        <DeliveryLink id={id} row={row} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <DeliveryBadge state={row.state} />
      </IndexTable.Cell>
      <IndexTable.Cell>{row.attempts}</IndexTable.Cell>
      <IndexTable.Cell>
        <Moment at={row.createdAt} as="exact" />
      </IndexTable.Cell>
      <IndexTable.Cell>
        {/* A sentence: broken into lines, where the table would push it out of sight. */}
        <div style={{ whiteSpace: "normal", minWidth: "12rem" }}>{row.lastFailure ?? ""}</div>
      </IndexTable.Cell>
    </>
  );
}

function NarrowRow({ id, row }: Shown) {
  return (
    <div style={{ padding: "0.75rem 1rem", width: "100%" }}>
      <BlockStack gap="100">
        <InlineStack align="space-between" blockAlign="center" gap="200" wrap={false}>
          <DeliveryLink id={id} row={row} />
          <DeliveryBadge state={row.state} />
        </InlineStack>
        <Text as="span" tone="subdued" variant="bodySm">
          <Moment at={row.createdAt} as="exact" /> ·{" "}
          {row.attempts === 1 ? "1 attempt" : `${row.attempts} attempts`}
        </Text>
        {row.lastFailure !== null && (
          <Text as="span" tone="subdued" variant="bodySm" breakWord>
            {row.lastFailure}
          </Text>
        )}
      </BlockStack>
    </div>
  );
}

function DeliveryLink({ id, row }: Shown) {
  return (
    <Link url={`/app/settings/webhooks/${id}/deliveries/${row.id}`} dataPrimaryLink>
      {row.eventType}
    </Link>
  );
}

function ReplayAnswer({ answer }: { answer: ReturnType<typeof useWebhookAction>["answer"] }) {
  if (answer === null) return null;
  if (!answer.ok) {
    return <RefusedBanner title="Nothing was sent again" refusal={answer.refusal} />;
  }
  if (!("replayed" in answer.value)) return null;
  const { replayed, skipped } = answer.value;
  const why =
    skipped === 1
      ? "1 was being sent at that moment, or its body was removed."
      : `${skipped} were being sent at that moment, or their bodies were removed.`;
  if (replayed === 0) {
    return (
      <Banner tone="warning" title="Nothing was sent again">
        <p>{why}</p>
      </Banner>
    );
  }
  return (
    <Banner
      tone="success"
      title={replayed === 1 ? "1 delivery goes out again" : `${replayed} deliveries go out again`}
    >
      {skipped > 0 && <p>{why}</p>}
    </Banner>
  );
}
