// How a subscription is: its figures of the last day, its last fourteen days, and when it failed, was back or was switched.
import { BlockStack, Card, InlineGrid, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Count, Moment, Percent } from "../figures.tsx";
import { useShop } from "../shop-context.tsx";
import { DISABLED_WORDS, isFew } from "./words.tsx";

type Day = { readonly day: string; readonly delivered: number; readonly failed: number };
type Change = {
  readonly id: string;
  readonly kind: "failing" | "recovered" | "enabled" | "paused" | "disabled";
  readonly detail: string | null;
  readonly occurredAt: string;
};
type Health = {
  readonly attempts: number;
  readonly successRate: number | null;
  readonly p95Ms: number | null;
  readonly waiting: number;
  readonly orMore: { readonly attempts: boolean; readonly waiting: boolean };
  readonly notBefore: string | null;
  readonly lastSuccessAt: string | null;
  readonly lastFailureAt: string | null;
  readonly lastFailure: string | null;
};
type Props = {
  readonly health: Health;
  readonly days: readonly Day[];
  readonly changes: readonly Change[];
};

export function HealthCard({ health, days, changes }: Props) {
  return (
    <Card>
      <BlockStack gap="400">
        <Text as="h2" variant="headingMd">
          Health
        </Text>
        <Figures health={health} />
        <Days days={days} />
        <Standing health={health} />
        {changes.length > 0 && <Changes changes={changes} />}
      </BlockStack>
    </Card>
  );
}

function Figures({ health: { successRate, p95Ms, attempts, waiting, orMore } }: { health: Health }) {
  return (
    <InlineGrid columns={{ xs: 2, md: 4 }} gap="400">
      <Figure label="Accepted, 24 hours">{successRate === null ? "–" : <Percent of={successRate} />}</Figure>
      <Figure label="Attempts, 24 hours">
        <Count of={attempts} orMore={orMore.attempts} />
      </Figure>
      <Figure label={isFew(attempts) ? "Slowest answer" : "95% answered within"}>
        {p95Ms === null ? "–" : `${p95Ms} ms`}
      </Figure>
      <Figure label="Waiting">
        <Count of={waiting} orMore={orMore.waiting} />
      </Figure>
    </InlineGrid>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <BlockStack gap="050">
      <Text as="span" tone="subdued" variant="bodySm">
        {label}
      </Text>
      <Text as="span" variant="headingLg">
        {children}
      </Text>
    </BlockStack>
  );
}

const HEIGHT_PX = 72;

function Days({ days }: { days: readonly Day[] }) {
  const { locale } = useShop();
  const most = Math.max(1, ...days.map(({ delivered, failed }) => delivered + failed));
  const sum = (of: "delivered" | "failed") => days.reduce((total, day) => total + day[of], 0);
  // A calendar day is no moment: it reads the same in every zone.
  const short = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  const name = (day: string) => short.format(new Date(`${day}T00:00:00Z`));
  const attempts = sum("delivered") === 1 ? "attempt" : "attempts";
  const words = `Last ${days.length} days: ${sum("delivered")} ${attempts} accepted, ${sum("failed")} failed`;
  return (
    <BlockStack gap="100">
      <div role="img" aria-label={words} style={{ display: "flex", alignItems: "flex-end", gap: 3 }}>
        {days.map(({ day, delivered, failed }) => (
          <div
            key={day}
            title={`${name(day)}: ${delivered} accepted, ${failed} failed`}
            style={{ flex: 1, height: HEIGHT_PX, display: "flex", flexDirection: "column-reverse", gap: 1 }}
          >
            <Bar part={delivered / most} color="--p-color-bg-fill-success" />
            <Bar part={failed / most} color="--p-color-bg-fill-critical" />
            {delivered + failed === 0 && <Bar part={0.015} color="--p-color-border" />}
          </div>
        ))}
      </div>
      <InlineStack align="space-between">
        <Text as="span" tone="subdued" variant="bodySm">
          {name(days[0]?.day ?? "")}
        </Text>
        <Text as="span" tone="subdued" variant="bodySm">
          {sum("delivered")} accepted, {sum("failed")} failed
        </Text>
        <Text as="span" tone="subdued" variant="bodySm">
          {name(days.at(-1)?.day ?? "")}
        </Text>
      </InlineStack>
    </BlockStack>
  );
}

function Bar({ part, color }: { part: number; color: string }) {
  if (part === 0) return null;
  return (
    <div style={{ height: Math.max(2, part * HEIGHT_PX), background: `var(${color})`, borderRadius: 2 }} />
  );
}

function Standing({ health: { lastSuccessAt, lastFailureAt, lastFailure, notBefore } }: { health: Health }) {
  return (
    <BlockStack gap="100">
      {lastSuccessAt !== null && (
        <Text as="p">
          Last accepted <Moment at={lastSuccessAt} as="exact" />.
        </Text>
      )}
      {lastFailureAt !== null && lastFailure !== null && (
        <Text as="p">
          Last failure <Moment at={lastFailureAt} as="exact" />: {lastFailure}
        </Text>
      )}
      {notBefore !== null && (
        <Text as="p">
          The next attempt waits until <Moment at={notBefore} as="exact" />.
        </Text>
      )}
    </BlockStack>
  );
}

const KINDS: Readonly<Record<Change["kind"], string>> = {
  failing: "Began to fail.",
  recovered: "Accepts again.",
  enabled: "Enabled.",
  paused: "Paused.",
  disabled: "Disabled.",
};

function Changes({ changes }: { changes: readonly Change[] }) {
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="headingSm">
        What happened
      </Text>
      {changes.map(({ id, kind, detail, occurredAt }) => (
        <Text as="p" key={id}>
          <Text as="span" tone="subdued">
            <Moment at={occurredAt} />
          </Text>{" "}
          {KINDS[kind]} {kind === "disabled" ? DISABLED_WORDS[detail ?? ""] : detail}
        </Text>
      ))}
    </BlockStack>
  );
}
