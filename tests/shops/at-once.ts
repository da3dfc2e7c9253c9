// A second transaction beside the one under test: what it holds, and when the other waits for it.
import pg from "pg";
import { expect } from "vitest";
import { testDatabase } from "../support/database.ts";
import { eventually } from "../webhooks/shop-with-endpoint.ts";

/** What installing again writes to the shop ($1) that left. */
export const COMES_BACK = `
  UPDATE shop SET uninstalled_at = NULL, installed_at = clock_timestamp(), plan_status = 'active', sends_webhooks = true
  WHERE shop_id = $1`;

/** A connection that sees every shop; the caller ends it. */
export async function aClient(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: testDatabase().url });
  await client.connect();
  await client.query("SELECT set_config('laurel.shop_id', '*', false)");
  return client;
}

/** How many statements that have `words` in them wait for a lock. */
export async function waiting(words = ""): Promise<number> {
  const rows = await testDatabase().query(
    `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND strpos(query, $1) > 0`,
    [words],
  );
  return rows.length;
}

/** Until a statement that has `words` in it waits for a lock. */
export const waitsForLock = (words: string): Promise<void> =>
  eventually(async () => expect(await waiting(words)).toBe(1));
