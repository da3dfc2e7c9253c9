// Reads of orders: a member's, with the record of why each earned what it earned; and guests' that wait.
import { Prisma } from "../../generated/prisma/index.js";
import type { Decision } from "../loyalty/decision.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { isTime, pageOf, readCursor } from "../platform/pages.ts";
import type { Page } from "../platform/pages.ts";

export const ORDERS_PAGE = 10;
/** In a cursor: the order's own moment is not known yet. Such orders come last. */
const NOT_PROCESSED = "-infinity";

export type OrderRow = {
  /** Digits of the gid. */
  readonly id: string;
  readonly name: string;
  readonly memberId: string | null;
  readonly processedAt: Date | null;
  readonly posted: number;
  /** Null while only a refund is known of the order. */
  readonly decision: Decision | null;
};

const COLUMNS = Prisma.sql`order_id AS id, name, member_id AS "memberId", processed_at AS "processedAt",
  posted_points AS posted, decision`;

/** A page of a member's orders, newest first. Refuses a cursor that this list did not give out. */
export async function ordersOf(
  tx: ShopTx,
  memberId: string,
  after: string | null = null,
): Promise<Result<Page<OrderRow>>> {
  const cursor = after === null ? null : readCursor(after, 2);
  const [at = "", id = ""] = cursor?.key ?? [];
  const isMoment = at === NOT_PROCESSED || isTime(at);
  if (after !== null && (cursor === null || !isMoment)) return refuse("cursor_invalid");
  const back = cursor?.back ?? false;
  const direction = back ? Prisma.sql`ASC` : Prisma.sql`DESC`;
  const time = Prisma.sql`coalesce(processed_at, '-infinity'::timestamptz)`;
  const beyond = Prisma.sql`AND (${time}, order_id) ${back ? Prisma.sql`>` : Prisma.sql`<`} (${at}::timestamptz, ${id})`;
  const rows = await tx.db.$queryRaw<OrderRow[]>`
    SELECT ${COLUMNS} FROM "order"
    WHERE shop_id = ${tx.shopId} AND member_id = ${memberId} ${cursor === null ? Prisma.empty : beyond}
    ORDER BY ${time} ${direction}, order_id ${direction} LIMIT ${ORDERS_PAGE + 1}`;
  const keyOf = (row: OrderRow) => [row.processedAt?.toISOString() ?? NOT_PROCESSED, row.id];
  return accept(pageOf(rows, { size: ORDERS_PAGE, cursor, keyOf }));
}

/** The id of the newest order that the merchant knows by this name, `#1001` or `1001`; null where there is none. */
export async function orderNamed(tx: ShopTx, name: string): Promise<string | null> {
  const bare = name.replace(/^#/, "");
  const named = await tx.db.order.findFirst({
    where: { shopId: tx.shopId, name: { in: [bare, `#${bare}`] } },
    select: { id: true },
    orderBy: { recordedAt: "desc" },
  });
  return named?.id ?? null;
}

/** One order by the digits of its gid, matched or not; null where none is known. */
export async function orderById(tx: ShopTx, orderId: string): Promise<OrderRow | null> {
  const [order] = await tx.db.$queryRaw<OrderRow[]>`
    SELECT ${COLUMNS} FROM "order" WHERE shop_id = ${tx.shopId} AND order_id = ${orderId}`;
  return order ?? null;
}
