// Before the first test of a run: one PostgreSQL with a migrated template, which each test file clones.
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrateDatabase } from "../../server/migrate-database.ts";
import { removePostgres, startPostgres, THROWAWAY } from "../../server/postgres.ts";
import { isAlive } from "../../server/postgres/cluster.ts";

const PREFIX = "laurel-tests-";

/** The name of the migrated database that each test file clones. */
export const TEMPLATE = "laurel_template";

/** Starts the cluster of this run once, whichever project asks first; the answer to vitest is how to end it. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  // Set by the project that came first; the workers inherit it.
  if (process.env["LAUREL_TEST_CLUSTER"] !== undefined) return undefined;
  await sweep();
  const dataDir = mkdtempSync(join(tmpdir(), PREFIX));
  const postgres = await startPostgres({ dataDir, flags: THROWAWAY });
  await makeTemplate(postgres.url);
  process.env["LAUREL_TEST_CLUSTER"] = postgres.url;
  return async () => {
    delete process.env["LAUREL_TEST_CLUSTER"];
    await removePostgres(dataDir);
  };
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  const template = new URL(url);
  template.pathname = `/${TEMPLATE}`;
  await migrateDatabase(template.href);
}

// What a killed run left behind.
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    const owner = readOwner(folder);
    if (owner !== undefined && !isAlive(owner)) await removePostgres(folder).catch(() => undefined);
  }
}

function readOwner(folder: string): number | undefined {
  try {
    return Number(readFileSync(join(folder, "owner"), "utf8"));
  } catch {
    return undefined;
  }
}
