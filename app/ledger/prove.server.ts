// Proves that a ledger adds up: what members, lots and orders say is what the entries say.
import { Prisma } from "../../generated/prisma/index.js";
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Step } from "../platform/upkeep.server.ts";
import { openNotice, resolveNotices } from "../shops/notices.server.ts";

/** What does not add up. */
export type Fault = { readonly kind: "member" | "lot" | "order"; readonly id: string };

/** Faults of one kind that are named; a ledger with more is as broken. */
const MAX_FAULTS = 100;
/** Members that one step proves. */
export const PROVE_BATCH = 500;
const NOTICE = "ledger.unproved";

/**
 * Finds accounts that contradict their entries, of these members or of the whole shop (null). A member: balance =
 * Σ points = the newest entry's balance = Σ remaining − owed; lifetime points = Σ qualifying; no gap in the positions.
 * A lot: points − remaining = Σ allocations.
 */
export function accountFaults(tx: ShopTx, memberIds: readonly string[] | null): Promise<readonly Fault[]> {
  const { shopId } = tx;
  const ids = memberIds === null ? Prisma.empty : Prisma.sql`AND member_id = ANY (${[...memberIds]}::text[])`;
  return tx.db.$queryRaw<Fault[]>`
    WITH entries AS (
      SELECT member_id, sum(points) AS points, sum(qualifying) AS qualifying, count(*) AS entries,
        max(position) AS newest, (array_agg(balance_after ORDER BY position DESC))[1] AS balance
      FROM ledger_entry WHERE shop_id = ${shopId} ${ids} GROUP BY member_id
    ), lots AS (
      SELECT member_id, sum(remaining) AS remaining FROM lot WHERE shop_id = ${shopId} ${ids} GROUP BY member_id
    ), taken AS (
      SELECT lot_id, sum(a.points) AS points FROM allocation a JOIN lot USING (shop_id, lot_id)
      WHERE shop_id = ${shopId} ${ids} GROUP BY lot_id
    )
    (SELECT 'member' AS kind, member_id AS id FROM member m
      LEFT JOIN entries e USING (member_id) LEFT JOIN lots USING (member_id)
      WHERE shop_id = ${shopId} ${ids}
        AND (m.balance <> coalesce(e.points, 0) OR m.balance <> coalesce(e.balance, 0)
          OR m.balance <> coalesce(remaining, 0) - owed OR lifetime_points <> coalesce(qualifying, 0)
          OR entries <> newest)
      LIMIT ${MAX_FAULTS})
    UNION ALL
    (SELECT 'lot', lot_id FROM lot LEFT JOIN taken USING (lot_id)
      WHERE shop_id = ${shopId} ${ids} AND lot.points - remaining <> coalesce(taken.points, 0)
      LIMIT ${MAX_FAULTS})`;
}

// What an order posted = Σ points − Σ shortfall of its entries. Each posting has a source of its own, so the unique
// index finds them: as many as there should be, and one more.
function orderFaults(tx: ShopTx, memberIds: readonly string[]): Promise<readonly Fault[]> {
  return tx.db.$queryRaw<Fault[]>`
    SELECT 'order' AS kind, o.order_id AS id FROM "order" o
      CROSS JOIN generate_series(1, o.postings + 1) AS posting
      CROSS JOIN unnest(ARRAY['earn', 'reverse']) AS posted
      LEFT JOIN ledger_entry e
        ON e.shop_id = ${tx.shopId} AND e.source = 'order:' || o.order_id || ':' || posted || ':' || posting
    WHERE o.shop_id = ${tx.shopId} AND o.member_id = ANY (${[...memberIds]}::text[])
    GROUP BY o.shop_id, o.order_id
    HAVING o.posted_points <> coalesce(sum(e.points - e.shortfall), 0) OR o.postings <> count(e.entry_id)
    LIMIT ${MAX_FAULTS}`;
}

/** Proves the next members after `after`, with their lots and orders; each fault is an error in the log. */
export function proveNext(shop: ShopId, after: string): Promise<Step> {
  return inShop(shop, async (tx) => {
    const rows = await tx.db.$queryRaw<{ id: string }[]>`
      SELECT member_id AS id FROM member WHERE shop_id = ${shop} AND member_id > ${after}
      ORDER BY member_id LIMIT ${PROVE_BATCH}`;
    const ids = rows.map(({ id }) => id);
    const faults = [...(await accountFaults(tx, ids)), ...(await orderFaults(tx, ids))];
    for (const { kind, id } of faults) log.error("ledger.unproved", { shop, kind, id });
    return { after: ids.length < PROVE_BATCH ? null : (ids.at(-1) ?? null), found: faults.length };
  });
}

/** Tells the merchant, once, that a round of proving found faults; or takes that back when it found none. */
export function tellOfFaults(shop: ShopId, faults: number): Promise<void> {
  return inShop(shop, (tx) =>
    faults === 0
      ? resolveNotices(tx, [NOTICE], now())
      : openNotice(tx, { kind: NOTICE, subjectId: "ledger", details: { faults }, at: now() }),
  );
}
