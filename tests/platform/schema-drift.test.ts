// The migrations make exactly the tables that schema.prisma describes. Prisma's own check cannot read our guards
// (its engine gives up on them), so both are made and compared.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import pg from "pg";
import { expect, test } from "vitest";
import { ROOT } from "../../server/variables.ts";
import { cloneTemplate, testDatabase } from "../support/database.ts";

const COLUMNS = `
  SELECT table_name || '.' || column_name || ' ' || udt_name || coalesce('(' || datetime_precision || ')', '')
    || CASE is_nullable WHEN 'NO' THEN ' NOT NULL' ELSE '' END || coalesce(' DEFAULT ' || column_default, '') AS said
  FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1`;
const INDEXES = `
  SELECT indexdef AS said FROM pg_indexes WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1`;

async function described(): Promise<string> {
  const prisma = ["node_modules/prisma/build/index.js", "migrate", "diff", "--from-empty", "--script"];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [...prisma, "--to-schema-datamodel", "prisma/schema.prisma"],
    { cwd: ROOT },
  );
  return stdout;
}

async function say(client: pg.Client, sql: string): Promise<string[]> {
  return (await client.query<{ said: string }>(sql)).rows.map((row) => row.said);
}

test("schema.prisma describes every column that the migrations make, its indexes are made, and nothing else is described", async () => {
  const clone = await cloneTemplate();
  const wanted = new pg.Client({ connectionString: clone.url });
  const made = new pg.Client({ connectionString: testDatabase().url });
  await Promise.all([wanted.connect(), made.connect()]);
  try {
    await wanted.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    await wanted.query(await described());
    const columns = await say(made, COLUMNS);
    expect(columns.length).toBeGreaterThan(50);
    expect(columns).toEqual(await say(wanted, COLUMNS));
    // The migrations may make more: partial ones, which Prisma cannot spell.
    expect(await say(made, INDEXES)).toEqual(expect.arrayContaining(await say(wanted, INDEXES)));
  } finally {
    await Promise.all([wanted.end(), made.end()]);
    await clone.drop();
  }
}, 60_000);
