// Subscriptions with their health, for the list, a subscription's page and the API. Secrets and the values of
// headers are never among it.
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx, Within } from "../platform/db.server.ts";
import { open } from "../platform/secrets.server.ts";
import { explainError } from "./error-class.ts";
import { secretBinding } from "./prepare.server.ts";
import { openHeaders } from "./stored-headers.server.ts";
import type { StoredHeaders } from "./stored-headers.server.ts";
import type { SubscriptionState } from "./switch-subscription.server.ts";

/** So many rows are looked at of each kind: the newest attempts, what waits, the newest deliveries. */
const LOOKED_AT = 5_000;
const HOURS = 24;

/**
 * `hours`: this one and the 23 before, oldest first; `attempts` and `successRate` (0 to 1) are their sums. `p95Ms`: of the
 * newest attempts. Both null without an attempt.
 */
export type Health = {
  attempts: number;
  successRate: number | null;
  p95Ms: number | null;
  waiting: number;
  failed: number;
  /** Which counts have come to the end of what is looked at: it is so many, or more. */
  orMore: { attempts: boolean; waiting: boolean; failed: boolean };
  breaker: "closed" | "open" | "half_open";
  failingSince: Date | null;
  notBefore: Date | null;
  lastSuccessAt: Date | null;
  lastFailureAt: Date | null;
  /** In a merchant's words. */
  lastFailure: string | null;
  hours: { delivered: number; failed: number }[];
};

export type SubscriptionView = {
  id: string;
  url: string;
  description: string;
  eventTypes: string[];
  format: string;
  state: SubscriptionState;
  /** merchant, gone (410) or failing (three days of nothing but failure). */
  disabledReason: string | null;
  disabledAt: Date | null;
  /** Of the merchant's own headers; none where they cannot be opened. */
  headerNames: string[];
  ratePerSecond: number | null;
  revision: number;
  /** Whether the secret can be opened. One that cannot signs nothing: what is owed is set aside until it is rotated. */
  secretOpens: boolean;
  /** While a rotation overlaps: when it ends. */
  rotationEndsAt: Date | null;
  createdAt: Date;
  updatedAt: Date;
  health: Health;
};

type Row = Omit<SubscriptionView, "health" | "headerNames" | "secretOpens"> &
  Omit<Health, "hours" | "lastFailure" | "attempts" | "successRate" | "orMore"> & {
    /** Deliveries that were looked at for those that failed. */
    looked: number;
    headers: StoredHeaders;
    secret: string;
    lastError: string | null;
  };
/** `live`: of them those that upkeep has not counted yet. */
type HourRow = { id: string; hour: number; delivered: number; failed: number; live: number };

/** All subscriptions of the shop (20 at the most), oldest first. */
export function listSubscriptions(shopId: ShopId): Promise<SubscriptionView[]> {
  return inShop(shopId, (tx) => read(tx, null));
}

/** One subscription; null where the shop has none with this id. */
export async function findSubscription(within: Within, id: string): Promise<SubscriptionView | null> {
  const [found] = await inShop(within, (tx) => read(tx, id));
  return found ?? null;
}

/** The merchant's own headers with their values, to edit them; null where they cannot be opened, or there is no such subscription. */
export async function readHeaders(within: Within, id: string): Promise<Record<string, string> | null> {
  return inShop(within, async (tx) => {
    const { shopId } = tx;
    const row = await tx.db.subscription.findFirst({ where: { shopId, id }, select: { headers: true } });
    return row === null ? null : openHeaders(row.headers as StoredHeaders, [shopId, id]);
  });
}

async function read(tx: ShopTx, id: string | null): Promise<SubscriptionView[]> {
  const rows = await tx.db.$queryRaw<Row[]>`
    SELECT s.subscription_id AS id, s.url, s.description, s.event_types AS "eventTypes", s.format, s.state,
      s.disabled_reason AS "disabledReason", s.disabled_at AS "disabledAt", s.headers,
      s.rate_per_second AS "ratePerSecond", s.revision,
      CASE WHEN s.rotation_ends_at > now() THEN s.rotation_ends_at END AS "rotationEndsAt",
      CASE WHEN s.rotation_ends_at <= now() THEN coalesce(s.next_secret, s.secret) ELSE s.secret END AS secret,
      s.created_at AS "createdAt", s.updated_at AS "updatedAt",
      l.breaker, l.failing_since AS "failingSince", l.last_success_at AS "lastSuccessAt",
      CASE WHEN l.not_before > now() THEN l.not_before END AS "notBefore",
      l.last_failure_at AS "lastFailureAt", l.last_error AS "lastError",
      a."p95Ms", w.waiting, f.looked, f.failed
    FROM subscription s
    JOIN lane l ON l.shop_id = s.shop_id AND l.subscription_id = s.subscription_id
    CROSS JOIN LATERAL (
      SELECT percentile_disc(0.95) WITHIN GROUP (ORDER BY duration_ms) AS "p95Ms"
      FROM (SELECT duration_ms FROM attempt t WHERE t.shop_id = s.shop_id
        AND t.subscription_id = s.subscription_id AND t.started_at > now() - interval '24 hours'
        ORDER BY t.started_at DESC LIMIT ${LOOKED_AT}) newest) a
    CROSS JOIN LATERAL (SELECT count(*)::int AS waiting FROM (SELECT FROM owed o WHERE o.shop_id = s.shop_id
      AND o.subscription_id = s.subscription_id LIMIT ${LOOKED_AT}) p) w
    CROSS JOIN LATERAL (SELECT count(*)::int AS looked,
        count(*) FILTER (WHERE p.state IN ('failed', 'parked'))::int AS failed
      FROM (SELECT d.state FROM delivery d WHERE d.shop_id = s.shop_id
        AND d.subscription_id = s.subscription_id ORDER BY d.created_at DESC LIMIT ${LOOKED_AT}) p) f
    WHERE s.shop_id = ${tx.shopId} AND (${id}::text IS NULL OR s.subscription_id = ${id})
    ORDER BY s.created_at, s.subscription_id`;
  const hours = await readHours(tx, id);
  return rows.map((row) =>
    viewOf(
      tx.shopId,
      row,
      hours.filter((hour) => hour.id === row.id),
    ),
  );
}

// Whole hours that upkeep has counted (health-history.server.ts), and the newest attempts for the rest.
function readHours(tx: ShopTx, id: string | null): Promise<HourRow[]> {
  return tx.db.$queryRaw<HourRow[]>`
    WITH of AS (SELECT subscription_id AS id FROM subscription
      WHERE shop_id = ${tx.shopId} AND (${id}::text IS NULL OR subscription_id = ${id})
    ), kept AS (
      SELECT k.subscription_id AS id, k.hour, k.delivered, k.failed, 0 AS live FROM of
        JOIN health_hour k ON k.subscription_id = of.id AND k.shop_id = ${tx.shopId}
          AND k.hour > date_trunc('hour', now()) - ${HOURS} * interval '1 hour'
    ), newest AS (
      SELECT of.id, date_trunc('hour', n.started_at) AS hour, (n.error IS NULL)::int AS delivered,
        (n.error IS NOT NULL)::int AS failed, 1 AS live
      FROM of CROSS JOIN LATERAL (SELECT t.started_at, t.error FROM attempt t
        WHERE t.shop_id = ${tx.shopId} AND t.subscription_id = of.id AND t.started_at >= coalesce(
          (SELECT max(kept.hour) + interval '1 hour' FROM kept WHERE kept.id = of.id),
          date_trunc('hour', now()) - ${HOURS - 1} * interval '1 hour')
        ORDER BY t.started_at DESC LIMIT ${LOOKED_AT}) n
    )
    SELECT id, (extract(epoch FROM date_trunc('hour', now()) - hour) / 3600)::int AS hour,
      sum(delivered)::int AS delivered, sum(failed)::int AS failed, sum(live)::int AS live
    FROM (SELECT * FROM kept UNION ALL SELECT * FROM newest) every_hour GROUP BY 1, 2`;
}

function viewOf(shopId: ShopId, row: Row, found: readonly HourRow[]): SubscriptionView {
  const { p95Ms, waiting, looked, failed, breaker, failingSince, notBefore, ...rest } = row;
  const { lastSuccessAt, lastFailureAt, lastError, headers, secret, ...subscription } = rest;
  const headerNames = Object.keys(openHeaders(headers, [shopId, row.id]) ?? {});
  const secretOpens = open(secret, secretBinding(shopId, row.id)) !== null;
  const hours = Array.from({ length: HOURS }, (_, index) => {
    const hour = found.find((entry) => entry.hour === HOURS - 1 - index);
    return { delivered: hour?.delivered ?? 0, failed: hour?.failed ?? 0 };
  });
  const sum = (counts: number[]) => counts.reduce((total, count) => total + count, 0);
  const accepted = sum(hours.map((hour) => hour.delivered));
  const attempts = accepted + sum(hours.map((hour) => hour.failed));
  const orMore = {
    attempts: sum(found.map(({ live }) => live)) >= LOOKED_AT,
    waiting: waiting >= LOOKED_AT,
    failed: looked >= LOOKED_AT,
  };
  const counts = { attempts, waiting, failed, orMore };
  const successRate = attempts === 0 ? null : accepted / attempts;
  const lastFailure = lastError === null ? null : explainError(lastError);
  const pace = { breaker, failingSince, notBefore, lastSuccessAt, lastFailureAt, lastFailure };
  return {
    ...subscription,
    headerNames,
    secretOpens,
    health: { ...counts, successRate, p95Ms, ...pace, hours },
  };
}
