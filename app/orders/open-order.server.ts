// Opens an order: keeps the webhook's receipt, locks the order's row (made now if new), reads the rules. One statement.
import { NOTHING_KNOWN } from "../loyalty/order.ts";
import type { KnownOrder } from "../loyalty/order.ts";
import type { Decision } from "../loyalty/decision.ts";
import { DEFAULT_PROGRAM } from "../loyalty/program.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { settingsFrom } from "../program/load.server.ts";
import type { Received } from "./received.ts";
import type { Pin, Rules, StoredOrder } from "./stored-order.ts";

type Row = {
  id: string;
  name: string;
  memberId: string | null;
  guestEmail: string | null;
  facts: KnownOrder;
  processedAt: Date | null;
  pinnedVersion: number | null;
  pinnedTierId: string | null;
  pinnedMultiplier: string | null;
  posted: number;
  postings: number;
  decision: Decision | null;
  version: number;
  currency: string;
  settings: unknown;
  pinnedSettings: unknown;
};

export type OpenedOrder = {
  readonly order: StoredOrder;
  readonly rules: Rules;
};

/** Opens the order with these digits. Null, with nothing written, for a webhook seen before and for an unknown shop. */
export async function openOrder(
  tx: ShopTx,
  orderId: string,
  received: Received,
): Promise<OpenedOrder | null> {
  const [row] = await tx.db.$queryRaw<Row[]>`
    WITH receipt_kept AS (
      INSERT INTO receipt (shop_id, webhook_id, topic, body_hash, received_at)
      SELECT shop_id, ${received.webhookId}, ${received.topic}, ${received.bodyHash}, ${received.at}::timestamptz
      FROM shop WHERE shop_id = ${tx.shopId} AND ${received.webhookId}::text IS NOT NULL
      ON CONFLICT DO NOTHING RETURNING webhook_id
    ), locked AS (
      INSERT INTO "order" (shop_id, order_id, facts, recorded_at, changed_at)
      SELECT shop_id, ${orderId}, ${JSON.stringify(NOTHING_KNOWN)}::jsonb, ${received.at}::timestamptz, ${received.at}::timestamptz
      FROM shop WHERE shop_id = ${tx.shopId} AND (${received.webhookId}::text IS NULL OR EXISTS (SELECT FROM receipt_kept))
      ON CONFLICT (shop_id, order_id) DO UPDATE SET changed_at = "order".changed_at RETURNING *
    )
    SELECT o.order_id AS id, o.name, o.member_id AS "memberId", o.guest_email AS "guestEmail", o.facts,
      o.processed_at AS "processedAt", o.pinned_version AS "pinnedVersion", o.pinned_tier_id AS "pinnedTierId",
      o.pinned_multiplier AS "pinnedMultiplier", o.posted_points AS posted, o.postings, o.decision,
      s.program_version AS version, s.currency, p.settings, pinned.settings AS "pinnedSettings"
    FROM locked o JOIN shop s ON s.shop_id = o.shop_id
      LEFT JOIN program p ON p.shop_id = s.shop_id AND p.version = s.program_version
      LEFT JOIN program pinned ON pinned.shop_id = s.shop_id AND pinned.version = o.pinned_version`;
  return row ? { order: orderOf(row), rules: rulesOf(row) } : null;
}

function rulesOf(row: Row): Rules {
  const settings = row.settings === null ? DEFAULT_PROGRAM : settingsFrom(row.settings);
  return { version: row.version, settings, currency: row.currency };
}

function orderOf(row: Row): StoredOrder {
  const { id, name, memberId, guestEmail, processedAt, posted, postings, decision } = row;
  return {
    id,
    name,
    memberId,
    guestEmail,
    known: row.facts,
    processedAt,
    pin: pinOf(row),
    posted,
    postings,
    decision,
  };
}

function pinOf(row: Row): Pin | null {
  if (row.pinnedVersion === null) return null;
  const settings = row.pinnedSettings === null ? DEFAULT_PROGRAM : settingsFrom(row.pinnedSettings);
  return {
    version: row.pinnedVersion,
    tierId: row.pinnedTierId,
    multiplier: row.pinnedMultiplier ?? "1",
    settings,
  };
}

/** Why an order did not open: the webhook was seen before, with the same body or another; or the shop is unknown. */
export async function whyNotOpened(
  tx: ShopTx,
  received: Received,
): Promise<"repeated" | "reused" | "shop_unknown"> {
  const [kept] = await tx.db.$queryRaw<{ bodyHash: string }[]>`
    SELECT body_hash AS "bodyHash" FROM receipt WHERE shop_id = ${tx.shopId} AND webhook_id = ${received.webhookId}`;
  if (!kept) return "shop_unknown";
  return kept.bodyHash === received.bodyHash ? "repeated" : "reused";
}
