// Importing this file is how a test asks for a database: its file then gets one of its own, migrated and empty.
import pg from "pg";
import { afterAll } from "vitest";

export { cloneTemplate } from "./clone.ts";

export type TestDatabase = {
  url: string;
  /** Looks past the app, as the tables' owner; row-level security still binds. */
  query: <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;
};

let pool: pg.Pool | undefined;

/** The database of this test file; DATABASE_URL names it already. It is dropped after the file's last test. */
export function testDatabase(): TestDatabase {
  const url = process.env["DATABASE_URL"] ?? "";
  return {
    url,
    query: async <Row extends pg.QueryResultRow>(sql: string, values: unknown[] = []) => {
      pool ??= new pg.Pool({ connectionString: url, max: 4 });
      return (await pool.query<Row>(sql, values)).rows;
    },
  };
}

afterAll(async () => {
  await pool?.end();
  pool = undefined;
});
