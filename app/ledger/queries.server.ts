// Reads of the ledger: a member's statement, and the proof that a shop's ledger adds up.
import { Prisma } from "../../generated/prisma/index.js";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { pageOf, readCursor } from "../platform/pages.ts";
import type { Page } from "../platform/pages.ts";
import type { EntryKind } from "./entry.ts";
import { accountFaults } from "./prove.server.ts";
import type { Fault } from "./prove.server.ts";

export const STATEMENT_PAGE = 25;
const MAX_POSITION = 2_147_483_647;

export type StatementRow = {
  readonly id: string;
  readonly kind: EntryKind;
  readonly points: number;
  readonly qualifying: number;
  readonly shortfall: number;
  readonly orderId: string | null;
  readonly orderName: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly balanceAfter: number;
  readonly position: number;
  readonly occurredAt: Date;
};

/** A page of a member's entries, newest first. Refuses a cursor that this list did not give out. */
export async function statementOf(
  tx: ShopTx,
  memberId: string,
  after: string | null = null,
): Promise<Result<Page<StatementRow>>> {
  const cursor = after === null ? null : readCursor(after, 1);
  const position = Number(cursor?.key[0] ?? 0);
  if (
    (after !== null && cursor === null) ||
    !Number.isInteger(position) ||
    Math.abs(position) > MAX_POSITION
  ) {
    return refuse("cursor_invalid");
  }
  const back = cursor?.back ?? false;
  const beyond = back ? Prisma.sql`AND e.position > ${position}` : Prisma.sql`AND e.position < ${position}`;
  const rows = await tx.db.$queryRaw<StatementRow[]>`
    SELECT e.entry_id AS id, e.kind, e.points, e.qualifying, e.shortfall, e.order_id AS "orderId", o.name AS "orderName",
      e.actor, e.reason, e.balance_after AS "balanceAfter", e.position, e.occurred_at AS "occurredAt"
    FROM ledger_entry e LEFT JOIN "order" o ON o.shop_id = e.shop_id AND o.order_id = e.order_id
    WHERE e.shop_id = ${tx.shopId} AND e.member_id = ${memberId} ${cursor === null ? Prisma.empty : beyond}
    ORDER BY e.position ${back ? Prisma.sql`ASC` : Prisma.sql`DESC`} LIMIT ${STATEMENT_PAGE + 1}`;
  const keyOf = (row: StatementRow) => [String(row.position)];
  return accept(pageOf(rows, { size: STATEMENT_PAGE, cursor, keyOf }));
}

/** One entry of the shop's ledger; null where it has none with this id. */
export async function entryById(
  tx: ShopTx,
  entryId: string,
): Promise<Pick<StatementRow, "id" | "points" | "reason" | "balanceAfter" | "occurredAt"> | null> {
  const [entry] = await tx.db.$queryRaw<StatementRow[]>`
    SELECT entry_id AS id, points, reason, balance_after AS "balanceAfter", occurred_at AS "occurredAt"
    FROM ledger_entry WHERE shop_id = ${tx.shopId} AND entry_id = ${entryId}`;
  return entry ?? null;
}

export type Proof = {
  readonly members: number;
  /** Sums over the shop. */
  readonly entries: number;
  readonly remaining: number;
  readonly owed: number;
  readonly balances: number;
  /** Members and lots for which the sums do not agree; empty when the ledger proves itself. */
  readonly faults: readonly Fault[];
};

/** Proves Σ entries = Σ lots − owed = balance and lifetime = Σ qualifying per member, and each lot's allocations. */
export async function proveLedger(tx: ShopTx): Promise<Proof> {
  const faults = await accountFaults(tx, null);
  const [sums] = await tx.db.$queryRaw<Omit<Proof, "faults">[]>`
    SELECT count(*)::int AS members, coalesce(sum(balance), 0)::float8 AS balances, coalesce(sum(owed), 0)::float8 AS owed,
      (SELECT coalesce(sum(points), 0)::float8 FROM ledger_entry WHERE shop_id = ${tx.shopId}) AS entries,
      (SELECT coalesce(sum(remaining), 0)::float8 FROM lot WHERE shop_id = ${tx.shopId}) AS remaining
    FROM member WHERE shop_id = ${tx.shopId}`;
  if (!sums) throw new Error("Sums without a row");
  return { ...sums, faults };
}
