// The delivery log: filters and pages by cursor, newest first.
import { Prisma } from "../../generated/prisma/index.js";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { isTime, pageOf, readCursor, skippedBefore } from "../platform/pages.ts";
import type { Cursor } from "../platform/pages.ts";
import { explainError } from "./error-class.ts";

export const DELIVERY_STATES = ["pending", "delivered", "failed", "cancelled", "parked"] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];
export const MAX_PAGE = 250;
const PAGE = 50;

/** All optional and together (and); `from` inclusive, `until` exclusive, by the time the delivery came to be. */
export type DeliveryFilter = {
  subscriptionId?: string;
  states?: readonly DeliveryState[];
  eventTypes?: readonly string[];
  memberId?: string;
  orderId?: string;
  eventId?: string;
  deliveryId?: string;
  from?: Date;
  until?: Date;
};

export type DeliveryView = {
  id: string;
  subscriptionId: string;
  eventId: string;
  eventType: string;
  format: string;
  memberId: string | null;
  orderId: string | null;
  state: DeliveryState;
  /** Why it is parked or cancelled. */
  reason: string | null;
  attempts: number;
  manual: boolean;
  /** Of the next attempt, while pending. */
  dueAt: Date | null;
  lastStatus: number | null;
  /** In a merchant's words. */
  lastFailure: string | null;
  createdAt: Date;
  settledAt: Date | null;
};

/** `next` (older) and `previous` (newer): the neighbours' cursors, null where there is none. */
export type DeliveryPage = {
  deliveries: readonly DeliveryView[];
  next: string | null;
  previous: string | null;
  /** Where a page was asked for by number. */
  total?: number;
};

/** `after`: a cursor; or `number`, from 1, and all are counted. `oldestFirst` turns the list round. */
export type DeliveryPageAsked = {
  after?: string | null;
  number?: number;
  size?: number;
  oldestFirst?: boolean;
};

type Row = Omit<DeliveryView, "lastFailure" | "dueAt"> & { lastError: string | null; dueAt: Date };

export const DELIVERY_COLUMNS = Prisma.sql`d.delivery_id AS id, d.subscription_id AS "subscriptionId",
  d.event_id AS "eventId", d.event_type AS "eventType", d.format, d.member_id AS "memberId", d.order_id AS "orderId",
  d.state, d.reason, d.attempts, d.manual, d.due_at AS "dueAt", d.last_status AS "lastStatus", d.last_error AS "lastError",
  d.created_at AS "createdAt", d.settled_at AS "settledAt"`;

/**
 * A page of deliveries, newest first unless asked otherwise. Refuses a cursor that this list did not give out, and a
 * number too far behind the first page.
 */
export async function listDeliveries(
  shopId: ShopId,
  filter: DeliveryFilter,
  page: DeliveryPageAsked = {},
): Promise<Result<DeliveryPage>> {
  const text = page.after ?? "";
  const cursor = text === "" ? null : cursorFrom(text);
  if (text !== "" && cursor === null) return refuse("cursor_invalid", { field: "after" });
  const size = Math.min(Math.max(1, page.size ?? PAGE), MAX_PAGE);
  const skipped = skippedBefore(page.number ?? 1, size);
  if (skipped === null) return refuse("page_too_far");
  const matching = conditions(shopId, filter);
  const where = [...matching];
  const upward = (cursor?.back ?? false) !== (page.oldestFirst ?? false);
  const direction = upward ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  if (cursor !== null) {
    const [at = "", id] = cursor.key;
    const sign = upward ? Prisma.sql`>` : Prisma.sql`<`;
    where.push(Prisma.sql`(d.created_at, d.delivery_id) ${sign} (${new Date(at)}, ${id})`);
  }
  const { rows, ...counted } = await inShop(shopId, async (tx) => {
    const rows = await tx.db.$queryRaw<Row[]>(Prisma.sql`
      SELECT ${DELIVERY_COLUMNS} FROM delivery d WHERE ${Prisma.join(where, " AND ")}
      ORDER BY d.created_at ${direction}, d.delivery_id ${direction} LIMIT ${size + 1} OFFSET ${skipped}`);
    return page.number === undefined ? { rows } : { rows, total: await countOf(tx, matching) };
  });
  const keyOf = (row: Row) => [row.createdAt.toISOString(), row.id];
  const { rows: shown, ...turns } = pageOf(rows, { size, cursor, keyOf });
  return accept({ deliveries: shown.map(deliveryView), ...turns, ...counted });
}

async function countOf(tx: ShopTx, where: Prisma.Sql[]): Promise<number> {
  const [all] = await tx.db.$queryRaw<{ total: number }[]>(Prisma.sql`
    SELECT count(*)::int AS total FROM delivery d WHERE ${Prisma.join(where, " AND ")}`);
  return all?.total ?? 0;
}

function conditions(shopId: ShopId, filter: DeliveryFilter): Prisma.Sql[] {
  const { subscriptionId, states, eventTypes, memberId, orderId, eventId, deliveryId, from, until } = filter;
  const where = [Prisma.sql`d.shop_id = ${shopId}`];
  if (subscriptionId !== undefined) where.push(Prisma.sql`d.subscription_id = ${subscriptionId}`);
  if (states !== undefined && states.length > 0) where.push(Prisma.sql`d.state = ANY (${[...states]})`);
  // Few of very many: without it the whole log would be read for them.
  if (states?.every((state) => state === "pending") === true && states.length > 0) {
    where.push(Prisma.sql`d.delivery_id IN (SELECT o.delivery_id FROM owed o WHERE o.shop_id = ${shopId})`);
  }
  if (eventTypes !== undefined && eventTypes.length > 0) {
    where.push(Prisma.sql`d.event_type = ANY (${[...eventTypes]})`);
  }
  if (memberId !== undefined) where.push(Prisma.sql`d.member_id = ${memberId}`);
  if (orderId !== undefined) where.push(Prisma.sql`d.order_id = ${orderId}`);
  if (eventId !== undefined) where.push(Prisma.sql`d.event_id = ${eventId}`);
  if (deliveryId !== undefined) where.push(Prisma.sql`d.delivery_id = ${deliveryId}`);
  if (from !== undefined) where.push(Prisma.sql`d.created_at >= ${from}`);
  if (until !== undefined) where.push(Prisma.sql`d.created_at < ${until}`);
  return where;
}

/** A row for people: what failed in words, the next attempt only while there is one. */
export function deliveryView({ lastError, dueAt, ...row }: Row): DeliveryView {
  const lastFailure = lastError === null ? null : explainError(lastError);
  return { ...row, lastFailure, dueAt: row.state === "pending" ? dueAt : null };
}

function cursorFrom(text: string): Cursor | null {
  const cursor = readCursor(text, 2);
  const [at = "", id = ""] = cursor?.key ?? [];
  return !isTime(at) || !/^dlv_\w{1,60}$/.test(id) ? null : cursor;
}
