// The shape of the database: tenancy on every table, facts that cannot be changed, no drift from the schema.
import { expect, test } from "vitest";
import { Prisma } from "../../generated/prisma/index.js";
import { testDatabase } from "../support/database.ts";

/** Read before a shop is known; holds Shopify's tokens only. */
const BEFORE_A_SHOP = ["session"];
const APPEND_ONLY = ["ledger_entry", "allocation", "event", "attempt", "tier_change", "program"];
/** Each sets the shop aside, does its one thing, and sets it back. */
const SEE_EVERY_SHOP = [
  "claim_deliveries",
  "claim_mirrors",
  "claim_upkeep",
  "delivery_gauges",
  "due_lanes",
  "find_api_key",
  "plan_upkeep",
  "remove_old",
  "settle_deliveries",
  "shops_being_erased",
  "upkeep_gauges",
];
const OURS = "table_schema = 'public' AND table_name <> '_prisma_migrations'";

const database = testDatabase();

test("every table carries its shop", async () => {
  const without = await database.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.tables t WHERE ${OURS} AND table_type = 'BASE TABLE' AND NOT EXISTS (
       SELECT FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name = t.table_name
          AND c.column_name = 'shop_id')`,
  );
  expect(without).toEqual([]);
});

test("row-level security is forced on every table that belongs to a shop", async () => {
  const unguarded = await database.query<{ relname: string }>(
    `SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
        AND relname <> '_prisma_migrations'
        AND NOT (relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
      ORDER BY relname`,
  );
  expect(unguarded.map((row) => row.relname)).toEqual(BEFORE_A_SHOP);
});

test("entries, allocations, events, attempts, tier changes and programs refuse to be changed", async () => {
  const guarded = await database.query<{ relname: string }>(
    `SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE t.tgname LIKE '%is_append_only' ORDER BY 1`,
  );
  expect(guarded.map((row) => row.relname)).toEqual([...APPEND_ONLY].sort());
});

test("only named functions may see every shop, and each is bound to the public schema", async () => {
  const wide = await database.query<{ proname: string; bound: boolean }>(
    `SELECT proname, coalesce('search_path=public, pg_temp' = ANY (proconfig), false) AS bound FROM pg_proc
      WHERE pronamespace = 'public'::regnamespace AND prosecdef ORDER BY 1`,
  );
  expect(wide).toEqual([...SEE_EVERY_SHOP].sort().map((proname) => ({ proname, bound: true })));
});

test("the tables have the columns that the schema names, and no others", async () => {
  const columns = await database.query<{ column: string }>(
    `SELECT table_name || '.' || column_name AS column FROM information_schema.columns c
      WHERE ${OURS} AND EXISTS (SELECT FROM information_schema.tables t WHERE t.table_name = c.table_name
        AND t.table_schema = 'public' AND t.table_type = 'BASE TABLE')`,
  );
  const named = Prisma.dmmf.datamodel.models.flatMap((model) =>
    model.fields
      .filter((field) => field.kind !== "object")
      .map((field) => `${model.dbName ?? model.name}.${field.dbName ?? field.name}`),
  );
  // Prisma's client does not list a column whose type it cannot map.
  expect(columns.map((row) => row.column).sort()).toEqual([...named, "event.txid"].sort());
});

// One such index and each of a delivery's updates writes all its indexes anew: twice the work for PostgreSQL.
test("no index of delivery names a column that sending changes", async () => {
  const changing =
    "state|reason|attempts|step|claims|manual|due_at|leased_until|lease|last_status|last_error|settled_at";
  const named = await database.query(
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'delivery'
        AND indexdef ~ '\\m(${changing})\\M'`,
  );
  expect(named).toEqual([]);
});
