// Prepared statements of the delivery engine on a small pool of their own: a burst of deliveries never waits for a
// page, nor a page for deliveries.
import pg from "pg";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { onShutdown } from "./shutdown.server.ts";

const CONNECTIONS = 3;
const CONNECT_MS = 5_000;
const STATEMENT_MS = 20_000;

let pool: pg.Pool | undefined;

function hotPool(): pg.Pool {
  if (pool !== undefined) return pool;
  const opened = new pg.Pool({
    connectionString: env().DATABASE_URL,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: STATEMENT_MS,
    keepAlive: true,
    application_name: "laurel-deliveries",
  });
  opened.on("error", (error) => log.warn("database.connection_lost", {}, error));
  pool = opened;
  onShutdown("delivery pool", async () => {
    pool = undefined;
    await opened.end();
  });
  return opened;
}

/**
 * Runs a statement that each connection prepares once. Only for the SECURITY DEFINER functions of the engine, which
 * choose what they see, and for what reads no table: row-level security hides everything else from it.
 */
export async function hotSql<Row extends pg.QueryResultRow>(
  name: string,
  text: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const { rows } = await hotPool().query<Row>({ name, text, values: [...values] });
  return rows;
}
