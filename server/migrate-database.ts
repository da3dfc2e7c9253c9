// Brings a database to the shape that this version expects: Prisma's migrations, then BullMQ's own.
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { promisify } from "node:util";
import { runMigrations } from "bullmq";
import pg from "pg";

const ROOT = new URL("..", import.meta.url);
const PRISMA = createRequire(import.meta.url).resolve("prisma/build/index.js");
const run = promisify(execFile);

/**
 * Applies what is missing; nothing when all is there. Two starters do not collide: the second waits, then finds nothing.
 * @param databaseUrl whose user owns the tables
 * @param withQueue whether BullMQ lives in this database too (no REDIS_URL)
 * @returns what Prisma reported, for a person to read
 */
export async function migrateDatabase(databaseUrl: string, withQueue = true): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("SELECT pg_advisory_lock(hashtext('laurel.migrate'))");
    const report = await deploy(databaseUrl);
    if (withQueue) await runMigrations(client);
    return report;
  } finally {
    await client.end();
  }
}

async function deploy(databaseUrl: string): Promise<string> {
  const environment = { ...process.env, DATABASE_URL: databaseUrl, PRISMA_HIDE_UPDATE_MESSAGE: "1" };
  try {
    const { stdout } = await run(process.execPath, [PRISMA, "migrate", "deploy"], {
      cwd: ROOT,
      env: environment,
    });
    return stdout.trim().split("\n").at(-1) ?? "";
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    throw new Error(`The migrations did not apply: ${said}`, { cause: error });
  }
}
