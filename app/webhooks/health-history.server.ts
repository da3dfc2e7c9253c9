// How a subscription has been for weeks: whole hours are counted once by upkeep and kept, the newest are counted when
// somebody looks.
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import type { Step } from "../platform/upkeep.server.ts";
import { explainError } from "./error-class.ts";

export const HISTORY_DAYS = 14;
const KEPT_DAYS = 90;
const HOUR_MS = 3_600_000;
/** Whole hours that are counted again: an attempt may be written down late, after Postgres was away. */
const HOURS_AGAIN = 2;
/** Newest attempts that are counted when somebody looks: those of the hours that upkeep has not reached. */
const LIVE_ATTEMPTS = 20_000;
const CHANGES_SHOWN = 12;

/** `day` as the shop's calendar says, `2026-11-21`. */
export type HealthDay = { day: string; delivered: number; failed: number };
export type LaneChangeView = {
  id: string;
  kind: "failing" | "recovered" | "enabled" | "paused" | "disabled";
  /** In a merchant's words for `failing`, the reason's code for `disabled`; else null. */
  detail: string | null;
  occurredAt: Date;
};
export type HealthHistory = { days: HealthDay[]; changes: LaneChangeView[] };

/** The last fourteen days of a subscription by the calendar of `zone` (IANA name), oldest first, and its newest changes. */
export function readHealthHistory(
  shopId: ShopId,
  subscriptionId: string,
  zone: string,
): Promise<HealthHistory> {
  return inShop(shopId, async (tx) => ({
    days: await daysOf(tx, subscriptionId, zone),
    changes: await changesOf(tx, subscriptionId),
  }));
}

function daysOf(tx: ShopTx, id: string, zone: string): Promise<HealthDay[]> {
  return tx.db.$queryRaw<HealthDay[]>`
    WITH kept AS (
      SELECT hour AS at, delivered, failed FROM health_hour
       WHERE shop_id = ${tx.shopId} AND subscription_id = ${id}
         AND hour >= now() - (${HISTORY_DAYS} + 1) * interval '1 day'
    ), newest AS (
      SELECT started_at AS at, (error IS NULL)::int AS delivered, (error IS NOT NULL)::int AS failed FROM attempt
       WHERE shop_id = ${tx.shopId} AND subscription_id = ${id}
         AND started_at >= coalesce((SELECT max(at) + interval '1 hour' FROM kept),
           now() - ${HISTORY_DAYS} * interval '1 day')
       ORDER BY started_at DESC LIMIT ${LIVE_ATTEMPTS}
    ), counted AS (
      SELECT (at AT TIME ZONE ${zone})::date AS day, sum(delivered)::int AS delivered, sum(failed)::int AS failed
        FROM (SELECT * FROM kept UNION ALL SELECT * FROM newest) every_hour GROUP BY 1
    )
    SELECT to_char(d.day, 'YYYY-MM-DD') AS day, coalesce(c.delivered, 0) AS delivered, coalesce(c.failed, 0) AS failed
      FROM generate_series(0, ${HISTORY_DAYS - 1}::int) AS ago
      CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE ${zone})::date - ago AS day) d
      LEFT JOIN counted c ON c.day = d.day ORDER BY d.day`;
}

async function changesOf(tx: ShopTx, subscriptionId: string): Promise<LaneChangeView[]> {
  const rows = await tx.db.laneChange.findMany({
    where: { shopId: tx.shopId, subscriptionId },
    orderBy: { occurredAt: "desc" },
    take: CHANGES_SHOWN,
    select: { id: true, kind: true, detail: true, occurredAt: true },
  });
  return rows.map(({ kind, detail, ...row }) => ({
    ...row,
    // Held by a CHECK of the table.
    kind: kind as LaneChangeView["kind"],
    detail: kind === "failing" && detail !== null ? explainError(detail) : detail,
  }));
}

/**
 * For upkeep: counts one whole hour of every subscription of the shop, and says from when on the next is looked for.
 * Starts with the last hours that were kept; hours without an attempt take no step. Removes what is older than ninety
 * days with the last step.
 */
export function rollUpHealth(shopId: ShopId, after: string): Promise<Step> {
  return inShop(shopId, async (tx): Promise<Step> => {
    const hour = await nextHour(tx, after === "" ? null : new Date(after));
    const [clock] = await tx.db.$queryRaw<{ hour: Date }[]>`SELECT date_trunc('hour', now()) AS hour`;
    if (hour === null || clock === undefined || hour >= clock.hour) {
      await forgetOld(tx);
      return { after: null, found: 0 };
    }
    const next = new Date(hour.getTime() + HOUR_MS);
    await tx.db.$executeRaw`
      INSERT INTO health_hour (shop_id, subscription_id, hour, delivered, failed)
      SELECT s.shop_id, s.subscription_id, ${hour}, n.delivered, n.failed FROM subscription s CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE t.error IS NULL)::int AS delivered, count(t.error)::int AS failed FROM attempt t
         WHERE t.shop_id = s.shop_id AND t.subscription_id = s.subscription_id
           AND t.started_at >= ${hour} AND t.started_at < ${next}) n
       WHERE s.shop_id = ${shopId} AND n.delivered + n.failed > 0
      ON CONFLICT (subscription_id, hour)
        DO UPDATE SET delivered = excluded.delivered, failed = excluded.failed`;
    return { after: next.toISOString(), found: 0 };
  });
}

// The first hour with an attempt, from a time on or, at the start, from the last hours that were kept on. Nothing older
// than is shown: the attempts of a kept hour may be gone in part by then.
async function nextHour(tx: ShopTx, from: Date | null): Promise<Date | null> {
  const [row] = await tx.db.$queryRaw<{ hour: Date | null }[]>`
    SELECT date_trunc('hour', min(first.at)) AS hour FROM subscription s CROSS JOIN LATERAL (
      SELECT min(t.started_at) AS at FROM attempt t
       WHERE t.shop_id = s.shop_id AND t.subscription_id = s.subscription_id
         AND t.started_at >= (SELECT coalesce(${from}::timestamptz, greatest(now() - ${HISTORY_DAYS} * interval '1 day',
           (SELECT max(hour) - ${HOURS_AGAIN - 1} * interval '1 hour' FROM health_hour WHERE shop_id = ${tx.shopId}))))
      ) first
     WHERE s.shop_id = ${tx.shopId}`;
  return row?.hour ?? null;
}

async function forgetOld(tx: ShopTx): Promise<void> {
  await tx.db.$executeRaw`
    DELETE FROM health_hour WHERE shop_id = ${tx.shopId} AND hour < now() - ${KEPT_DAYS} * interval '1 day'`;
  await tx.db.$executeRaw`
    DELETE FROM lane_change WHERE shop_id = ${tx.shopId} AND occurred_at < now() - ${KEPT_DAYS} * interval '1 day'`;
}
