// Looks into the database beside the app, with a connection that comes back by itself.
import pg from "pg";
import { comesTrue } from "./patience.ts";

const CONNECT_MS = 2_000;
const ASK_MS = 10_000;

export type Observer = {
  /** Asks on behalf of one shop; rejects while PostgreSQL is away. */
  ask: <Row extends pg.QueryResultRow>(shop: string, sql: string) => Promise<Row[]>;
  close: () => Promise<void>;
};

/** In each statement `$1` is the shop. */
export function observe(connectionString: string): Observer {
  const pool = new pg.Pool({
    connectionString,
    max: 1,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ASK_MS,
    application_name: "laurel-faults",
  });
  pool.on("error", () => undefined);
  return {
    ask: async <Row extends pg.QueryResultRow>(shop: string, sql: string) => {
      const client = await pool.connect();
      let failed: Error | undefined;
      try {
        // Row-level security binds us as it binds the app.
        await client.query("SELECT set_config('laurel.shop_id', $1, false)", [shop]);
        return (await client.query<Row>(sql, [shop])).rows;
      } catch (error) {
        failed = error instanceof Error ? error : new Error(String(error));
        throw failed;
      } finally {
        client.release(failed);
      }
    },
    close: () => pool.end(),
  };
}

/** Deliveries that a worker holds now. */
export async function leasedNow(observer: Observer, shop: string): Promise<string[]> {
  const rows = await observer.ask<{ id: string }>(
    shop,
    `SELECT delivery_id AS id FROM delivery WHERE shop_id = $1 AND state = 'pending' AND leased_until > now()`,
  );
  return rows.map(({ id }) => id);
}

/** Waits until nothing is pending, and no longer than `patienceMs`: the accounts tell what still is. */
export async function untilSettled(observer: Observer, shop: string, patienceMs?: number): Promise<void> {
  const sql = "SELECT count(*)::int AS n FROM delivery WHERE shop_id = $1 AND state = 'pending'";
  await comesTrue(async () => {
    // While PostgreSQL is away, nobody knows.
    const rows = await observer.ask<{ n: number }>(shop, sql).catch(() => []);
    return rows[0]?.n === 0;
  }, patienceMs);
}
