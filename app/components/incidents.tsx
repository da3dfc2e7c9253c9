// What needs the merchant's look, at the top of the home page: one banner, a line for each thing, a way to each.
import { Banner, Link, List } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Count, Moment } from "./figures.tsx";
import { DISABLED_WORDS } from "./webhooks/words.tsx";

type Incident = {
  readonly subscriptionId: string;
  readonly name: string;
  readonly kind: "disabled" | "failing" | "parked";
  readonly since: string | null;
  readonly detail: string | null;
  readonly count: number;
  readonly orMore: boolean;
};
type Notice = { readonly id: string; readonly kind: string };

/** Notices of a shop as a whole. What is told of subscriptions comes from how they are now. */
const NOTICES: Readonly<Record<string, ReactNode>> = {
  "plan.below_growth": (
    <>
      Webhook deliveries are paused: they need the Growth plan or above. Subscriptions are kept, and what
      happened meanwhile is sent when the plan has them again. <Link url="/app/plan">See plans</Link>
    </>
  ),
  "plan.frozen": (
    <>
      Webhook deliveries are paused: your Shopify bill is unpaid. They go on when it is settled.{" "}
      <Link url="/app/plan">See the plan</Link>
    </>
  ),
  "ledger.unproved": (
    <>
      The ledger does not add up: last night&apos;s check found points that their entries do not explain.
      Nothing is lost, every entry is kept. Laurel&apos;s operator sees which members are concerned.
    </>
  ),
};

type Props = { readonly notices: readonly Notice[]; readonly incidents: readonly Incident[] };

/** The banner; nothing when all is well. */
export function Incidents({ notices, incidents }: Props) {
  const told = notices.filter(({ kind }) => kind in NOTICES);
  const total = told.length + incidents.length;
  if (total === 0) return null;
  const isCritical =
    incidents.some(({ kind }) => kind !== "parked") || told.some(({ kind }) => kind === "ledger.unproved");
  return (
    <Banner
      tone={isCritical ? "critical" : "warning"}
      title={total === 1 ? "Something needs your look" : `${total} things need your look`}
    >
      <List>
        {told.map(({ id, kind }) => (
          <List.Item key={id}>{NOTICES[kind]}</List.Item>
        ))}
        {incidents.map((incident) => (
          <List.Item key={`${incident.subscriptionId} ${incident.kind}`}>
            <Told incident={incident} />
          </List.Item>
        ))}
      </List>
    </Banner>
  );
}

function Told({
  incident: { subscriptionId, name, kind, since, detail, count, orMore },
}: {
  incident: Incident;
}) {
  const url = `/app/settings/webhooks/${subscriptionId}`;
  const when = since === null ? null : <Moment at={since} />;
  if (kind === "disabled") {
    return (
      <>
        Webhooks to <Link url={url}>{name}</Link> were disabled {when}. {DISABLED_WORDS[detail ?? ""]} Nothing
        is sent there until you enable them.
      </>
    );
  }
  if (kind === "failing") {
    return (
      <>
        Webhooks to <Link url={url}>{name}</Link> have been failing since {when}. {detail} They are tried
        again for three days.
      </>
    );
  }
  const isOne = count === 1 && !orMore;
  return (
    <>
      <Count of={count} orMore={orMore} /> {isOne ? "delivery" : "deliveries"} to{" "}
      <Link url={`${url}?state=parked`}>{name}</Link>{" "}
      {isOne
        ? "cannot be sent as it is, and was set aside."
        : "cannot be sent as they are, and were set aside."}
    </>
  );
}
