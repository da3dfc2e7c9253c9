// What a stage of faults stands on: a PostgreSQL and a Redis of its own that may be killed, and a receiver that is not.
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrateDatabase } from "../server/migrate-database.ts";
import { isAlive } from "../server/postgres/cluster.ts";
import { removePostgres, startPostgres } from "../server/postgres.ts";
import type { Variables } from "../server/variables.ts";
import { startRedis, type Redis } from "../tests/support/redis.ts";
import { DEADLINE_MS, type BackEnd } from "./fault.ts";
import { observe, type Observer } from "./observer.ts";
import { until } from "./patience.ts";
import { startReceiver, type ReceiverLink } from "./receiver-link.ts";

/** How PostgreSQL may end: in order, at once, or as by a crash. */
export type PostgresEnd = "SIGINT" | "SIGQUIT" | "SIGKILL";

export type World = {
  backEnd: BackEnd;
  /** For every process of the app; set in this one too. */
  variables: Variables;
  folder: string;
  receiver: ReceiverLink;
  observer: Observer;
  redis: Redis | undefined;
  endPostgres: (how: PostgresEnd) => Promise<void>;
  startPostgres: () => Promise<void>;
  /** When the processes logged this so far, epoch ms. */
  logged: (event: string) => number[];
  close: () => Promise<void>;
};

/** The secret that the stand-in for Shopify signs orders with. */
export const SHOPIFY_SECRET = "laurel-faults-client-secret";

/** Starts everything. `logFile`: where this process and all that it starts write. fsync is on: a crash is a crash. */
export async function openWorld(backEnd: BackEnd, logFile: string): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-faults-"));
  const dataDir = join(folder, "postgres");
  let postgres = await startPostgres({ dataDir });
  await migrateDatabase(postgres.url, backEnd === "postgres");
  const redis = backEnd === "redis" ? await startRedis() : undefined;
  const receiver = await startReceiver();
  const observer = observe(postgres.url);
  return {
    backEnd,
    variables: variablesOf(postgres.url, redis?.url),
    folder,
    receiver,
    observer,
    redis,
    endPostgres: async (how) => {
      process.kill(postgres.pid, how);
      await until(`PostgreSQL to end on ${how}`, () => !isAlive(postgres.pid));
    },
    startPostgres: async () => {
      postgres = await startPostgres({ dataDir });
    },
    logged: (event) => {
      const lines = readFileSync(logFile, "utf8").split("\n");
      return lines.filter((line) => line.includes(`"event":"${event}"`)).map(timeOf);
    },
    close: async () => {
      receiver.close();
      await observer.close();
      await redis?.stop();
      await removePostgres(dataDir);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const timeOf = (line: string) => Date.parse(/"time":"([^"]+)"/.exec(line)?.[1] ?? "");

function variablesOf(databaseUrl: string, redisUrl: string | undefined): Variables {
  return {
    NODE_ENV: "test",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: "info",
    DATABASE_URL: databaseUrl,
    REDIS_URL: redisUrl,
    WEBHOOK_LOOPBACK_HOSTS: "127.0.0.1",
    WEBHOOK_DEADLINE_MS: String(DEADLINE_MS),
    WEBHOOK_RETRY_SCHEDULE_S: "1,1,1,1,1,1,1,1",
    SHOPIFY_APP_URL: "http://localhost:3000",
    SHOPIFY_API_KEY: "laurel-faults-client",
    SHOPIFY_API_SECRET: SHOPIFY_SECRET,
    LAUREL_KEYRING: `faults:${randomBytes(32).toString("base64")}`,
    WORKER_PORT: undefined,
    METRICS_TOKEN: undefined,
  };
}
