// What is wrong with a shop's subscriptions now: for the home page, so it looks at lanes and not through attempts.
import type { ShopTx } from "../platform/db.server.ts";
import { explainError } from "./error-class.ts";

/** A breaker that opens for minutes is no incident: deliveries wait and go out. */
const FAILING_MINUTES = 15;
/** Given-up deliveries looked at of each subscription. */
const LOOKED_AT = 1_000;

export type Incident = {
  readonly subscriptionId: string;
  /** Its description, else its URL. */
  readonly name: string;
  /** disabled: by us, not by the merchant; failing: for long; parked: deliveries that cannot be sent as they are. */
  readonly kind: "disabled" | "failing" | "parked";
  readonly since: Date | null;
  /** Of `failing`, in a merchant's words; of `disabled`, the reason's code. */
  readonly detail: string | null;
  /** Parked deliveries that can still be sent again; 0 of another kind. */
  readonly count: number;
  /** Counting stopped there: it may be more. */
  readonly orMore: boolean;
};

const NONE = { count: 0, orMore: false } as const;
const GRAVEST_FIRST = ["disabled", "failing", "parked"] as const;

type Row = {
  id: string;
  name: string;
  state: string;
  disabledReason: string | null;
  disabledAt: Date | null;
  failingSince: Date | null;
  isFailing: boolean;
  lastError: string | null;
  /** Given-up deliveries that were looked at for those that are parked. */
  looked: number;
  parked: number;
};

/** The shop's incidents, the gravest first. Empty when all is well. */
export async function findIncidents(tx: ShopTx): Promise<Incident[]> {
  const rows = await tx.db.$queryRaw<Row[]>`
    SELECT s.subscription_id AS id, coalesce(nullif(s.description, ''), s.url) AS name, s.state,
      s.disabled_reason AS "disabledReason", s.disabled_at AS "disabledAt", l.failing_since AS "failingSince",
      l.breaker <> 'closed' AND l.failing_since < now() - ${FAILING_MINUTES} * interval '1 minute' AS "isFailing",
      l.last_error AS "lastError", p.looked, p.parked
    FROM subscription s
    JOIN lane l ON l.shop_id = s.shop_id AND l.subscription_id = s.subscription_id
    CROSS JOIN LATERAL (SELECT count(*)::int AS looked, count(*) FILTER (WHERE d.state = 'parked'
        -- Without its body nothing can be done about it any more.
        AND EXISTS (SELECT FROM event e WHERE e.event_id = d.event_id AND e.body IS NOT NULL))::int AS parked FROM (
      SELECT state, event_id FROM delivery WHERE shop_id = s.shop_id AND subscription_id = s.subscription_id
        AND failed ORDER BY created_at DESC LIMIT ${LOOKED_AT}) d) p
    WHERE s.shop_id = ${tx.shopId} ORDER BY s.created_at, s.subscription_id`;
  const found = rows.flatMap(incidentsOf);
  return GRAVEST_FIRST.flatMap((kind) => found.filter((incident) => incident.kind === kind));
}

function incidentsOf(row: Row): Incident[] {
  const about = { subscriptionId: row.id, name: row.name };
  const found: Incident[] = [];
  if (row.state === "disabled" && row.disabledReason !== "merchant") {
    found.push({ ...about, kind: "disabled", since: row.disabledAt, detail: row.disabledReason, ...NONE });
  }
  if (row.state === "enabled" && row.isFailing) {
    const detail = row.lastError === null ? null : explainError(row.lastError);
    found.push({ ...about, kind: "failing", since: row.failingSince, detail, ...NONE });
  }
  if (row.parked > 0) {
    const orMore = row.looked === LOOKED_AT;
    found.push({ ...about, kind: "parked", since: null, detail: null, count: row.parked, orMore });
  }
  return found;
}
