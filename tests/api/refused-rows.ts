// A database that refuses what a test says, until the test ends: how a write fails half-way in earnest.
import { afterEach } from "vitest";
import { testDatabase } from "../support/database.ts";

/** From here on the table takes no row for which the condition holds. */
export async function refuseRows(table: string, condition: string): Promise<void> {
  const { query } = testDatabase();
  await query(`CREATE OR REPLACE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$`);
  await query(`CREATE TRIGGER refused BEFORE INSERT OR UPDATE ON ${table} FOR EACH ROW
    WHEN (${condition}) EXECUTE FUNCTION refuse_row()`);
}

/** The tables take every row again. */
export async function takeRows(): Promise<void> {
  await testDatabase().query("DROP FUNCTION IF EXISTS refuse_row CASCADE");
}

afterEach(takeRows);
