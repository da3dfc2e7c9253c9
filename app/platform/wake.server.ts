// Wakes the workers at once, past the queue: one NOTIFY names the lanes that have work. A hint like the queue's own, and
// as easily lost; it takes a millisecond where a job takes ten on PostgreSQL, and it needs no Redis.
import pg from "pg";
import { env } from "./env.server.ts";
import { hotSql } from "./hot-sql.server.ts";
import { log } from "./log.server.ts";

const CHANNEL = "laurel_lanes";
/** A payload holds 8,000 bytes at the most, an id 64. */
const LANES_PER_NOTIFY = 120;
const CONNECT_MS = 5_000;
const AGAIN_MS = 1_000;

/** Wakes every worker that hears, for these lanes (subscription ids). Throws when PostgreSQL does. */
export async function wakeLanes(ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += LANES_PER_NOTIFY) {
    const payload = ids.slice(at, at + LANES_PER_NOTIFY).join(" ");
    await hotSql("wake-lanes", "SELECT pg_notify($1, $2)", [CHANNEL, payload]);
  }
}

/**
 * Calls `heard` with each lane that somebody wakes, on a connection of its own that is made anew for as long as it takes.
 * What is said while there is none is not heard: the sweep finds it.
 */
export function hearWakes(heard: (id: string) => void): { stop: () => Promise<void> } {
  let listening: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: env().DATABASE_URL,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      application_name: "laurel-wake",
    });
    listening = client;
    client.on("notification", ({ payload = "" }) => {
      for (const id of payload.split(" ")) if (id !== "") heard(id);
    });
    client.on("error", (error) => log.warn("wake.connection_lost", {}, error));
    // Once for every connection, also for one that was never made.
    client.once("end", () => {
      if (listening === client) again();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      // Connected or not, nobody hears on it.
      client.end().catch(() => undefined);
      throw error;
    }
  }

  function again(): void {
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(start, AGAIN_MS);
  }

  function start(): void {
    listen().catch((error: unknown) => {
      log.warn("wake.unheard", {}, error);
      again();
    });
  }

  start();
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await listening?.end().catch(() => undefined);
    },
  };
}
