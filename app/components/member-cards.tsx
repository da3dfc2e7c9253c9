// The pieces of a member's page: the account, the way to the next tier, the ledger in words, the orders.
import {
  Badge,
  BlockStack,
  Box,
  Card,
  InlineGrid,
  InlineStack,
  Link,
  ProgressBar,
  Text,
} from "@shopify/polaris";
import type { ReactNode } from "react";
import type { Tier } from "../loyalty/program.ts";
import { Moment, Points } from "./figures.tsx";
import { CAUSES, entryInWords, tierName } from "./member-words.ts";

type Account = {
  readonly balance: number;
  readonly pending: number;
  readonly held: number;
  readonly owed: number;
  readonly lifetimePoints: number;
};

export function AccountCard({ account }: { account: Account }) {
  const figures: [string, number][] = [
    ["Spendable", account.balance - account.held],
    ["Lifetime", account.lifetimePoints],
    ...(account.pending > 0 ? [["Pending", account.pending] satisfies [string, number]] : []),
    ...(account.held > 0 ? [["Held", account.held] satisfies [string, number]] : []),
    ...(account.owed > 0 ? [["Owed", account.owed] satisfies [string, number]] : []),
  ];
  return (
    <Card>
      <InlineGrid columns={{ xs: 2, md: figures.length }} gap="400">
        {figures.map(([label, points]) => (
          <BlockStack key={label} gap="100">
            <Text as="h2" variant="bodyMd" tone="subdued">
              {label}
            </Text>
            <Text as="p" variant="headingLg">
              <Points of={points} />
            </Text>
          </BlockStack>
        ))}
      </InlineGrid>
    </Card>
  );
}

type TierChange = {
  readonly id: string;
  readonly fromTierId: string | null;
  readonly toTierId: string | null;
  readonly cause: string;
  readonly occurredAt: string;
};

type Progress = {
  readonly tiers: readonly Tier[];
  readonly tierId: string | null;
  readonly lifetimePoints: number;
  readonly next: { readonly tier: Tier; readonly missing: number } | null;
  readonly changes: readonly TierChange[];
};

export function TierCard({ tiers, tierId, lifetimePoints, next, changes }: Progress) {
  const from = tiers.find((tier) => tier.id === tierId)?.threshold ?? 0;
  const part =
    next === null ? 100 : ((lifetimePoints - from) * 100) / Math.max(1, next.tier.threshold - from);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack align="space-between">
          <Text as="h2" variant="headingMd">
            Tier
          </Text>
          <Badge tone="info">{tierName(tiers, tierId)}</Badge>
        </InlineStack>
        <ProgressBar
          progress={Math.max(0, Math.min(100, part))}
          size="small"
          tone="primary"
          ariaLabelledBy="tier-progress"
        />
        <Text as="p" tone="subdued" id="tier-progress">
          {next === null ? (
            "The highest tier."
          ) : (
            <>
              <Points of={next.missing} /> to {next.tier.name}
            </>
          )}
        </Text>
        {changes.map((change) => (
          <Text as="p" key={change.id}>
            {tierName(tiers, change.fromTierId)} → {tierName(tiers, change.toTierId)}, by{" "}
            {CAUSES[change.cause] ?? change.cause}, <Moment at={change.occurredAt} as="day" />
          </Text>
        ))}
      </BlockStack>
    </Card>
  );
}

/** A row of a list inside a card: what on the left, how much on the right. */
export function Row({ what, about, amount }: { what: ReactNode; about: ReactNode; amount: ReactNode }) {
  return (
    <Box paddingBlock="300" paddingInline="400" borderBlockStartWidth="025" borderColor="border">
      <InlineStack align="space-between" blockAlign="start" gap="400" wrap={false}>
        <BlockStack gap="050">
          <Text as="span">{what}</Text>
          <Text as="span" tone="subdued" variant="bodySm" breakWord>
            {about}
          </Text>
        </BlockStack>
        <Text as="span" numeric alignment="end" fontWeight="semibold">
          {amount}
        </Text>
      </InlineStack>
    </Box>
  );
}

type Entry = Parameters<typeof entryInWords>[0] & {
  readonly id: string;
  readonly balanceAfter: number;
  readonly occurredAt: string;
};

/** A ledger entry as a sentence, which leads to its order where it has one. */
export function EntryWords({ entry }: { entry: Parameters<typeof entryInWords>[0] }) {
  const words = entryInWords(entry);
  return entry.orderId === null ? words : <Link url={`/app/orders/${entry.orderId}`}>{words}</Link>;
}

export function LedgerRows({ entries }: { entries: readonly Entry[] }) {
  return entries.map((entry) => (
    <Row
      key={entry.id}
      what={<EntryWords entry={entry} />}
      about={
        <>
          <Moment at={entry.occurredAt} />
          {entry.kind === "adjust" && entry.reason !== null && <> · “{entry.reason}”</>} · balance{" "}
          <Points of={entry.balanceAfter} unit={false} />
        </>
      }
      amount={<Points of={entry.points} signed unit={false} />}
    />
  ));
}

type OrderRow = {
  readonly id: string;
  readonly name: string;
  readonly processedAt: string | null;
  readonly posted: number;
};

export function OrderRows({ orders }: { orders: readonly OrderRow[] }) {
  return orders.map((order) => (
    <Row
      key={order.id}
      what={<Link url={`/app/orders/${order.id}`}>{order.name || `Order ${order.id}`}</Link>}
      about={
        order.processedAt === null ? "Not seen yet; a refund waits for it" : <Moment at={order.processedAt} />
      }
      amount={<Points of={order.posted} />}
    />
  ));
}
