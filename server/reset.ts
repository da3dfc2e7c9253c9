// `npm run db:reset`: an empty, migrated database. Deletes everything in it.
import pg from "pg";
import { migrateDatabase } from "./migrate-database.ts";
import { EMBEDDED_DATA, openDatabase } from "./open-database.ts";
import { removePostgres } from "./postgres.ts";
import { endWith, loadDotEnv } from "./variables.ts";

async function empty(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      "DROP SCHEMA IF EXISTS bullmq CASCADE; DROP SCHEMA public CASCADE; CREATE SCHEMA public",
    );
  } finally {
    await client.end();
  }
}

async function reset(): Promise<void> {
  const named = process.env["DATABASE_URL"];
  if (named && process.env["NODE_ENV"] === "production") throw new Error("Refused: NODE_ENV is production.");
  if (named && !process.argv.includes("--yes")) {
    throw new Error(
      `This deletes everything in ${new URL(named).host}${new URL(named).pathname}: add --yes to do it.`,
    );
  }
  if (named) await empty(named);
  else await removePostgres(EMBEDDED_DATA);
  const database = await openDatabase(process.env);
  try {
    process.stdout.write(`${await migrateDatabase(database.url, !process.env["REDIS_URL"])}\n`);
  } finally {
    await database.stop();
  }
}

loadDotEnv();
await reset().catch(endWith);
