// The one way into Postgres: a transaction that belongs to one shop.
import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { PrismaClient, type Prisma } from "../../generated/prisma/index.js";
import type { ShopId } from "../loyalty/ids.ts";
import { ringLanes } from "./doorbell.server.ts";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { PreparedClient } from "./prepared-client.server.ts";
import { onShutdown } from "./shutdown.server.ts";

const WAIT_MS = 5_000;
const TRANSACTION_MS = 15_000;

/** What everything below a use case receives: the shop, the open transaction, and what follows it. */
export type ShopTx = {
  readonly shopId: ShopId;
  readonly db: Prisma.TransactionClient;
  /** Runs inside the transaction, after the work and before COMMIT, in order. */
  readonly beforeCommit: (() => Promise<void>)[];
  /** Lanes (subscription ids) that got a delivery: rung after COMMIT. */
  readonly lanes: Set<string>;
};

let client: PrismaClient | undefined;

/** The Prisma client of this process. For the session storage and named cross-shop functions; else `inShop`. */
export function prisma(): PrismaClient {
  if (client !== undefined) return client;
  const pool = new pg.Pool({
    connectionString: env().DATABASE_URL,
    max: env().DATABASE_POOL,
    application_name: "laurel",
    Client: PreparedClient,
  });
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn("database.connection_lost", {}, error));
  const opened = new PrismaClient({ adapter: new PrismaPg(pool) });
  client = opened;
  onShutdown("database", async () => {
    client = undefined;
    await opened.$disconnect();
    await pool.end().catch(() => undefined);
  });
  return opened;
}

/**
 * Runs `work` in one transaction on behalf of `shopId`, with row-level security set to it, then rings the lanes.
 * @returns what `work` returns, after COMMIT.
 * @throws what `work` throws, after ROLLBACK.
 */
export async function inShop<T>(shopId: ShopId, work: (tx: ShopTx) => Promise<T>): Promise<T> {
  const lanes = new Set<string>();
  const result = await prisma().$transaction(
    async (db) => {
      await db.$queryRaw`SELECT set_config('laurel.shop_id', ${shopId}, true)`;
      const tx: ShopTx = { shopId, db, beforeCommit: [], lanes };
      const done = await work(tx);
      for (const finish of tx.beforeCommit) await finish();
      return done;
    },
    { maxWait: WAIT_MS, timeout: TRANSACTION_MS },
  );
  ringLanes(lanes);
  return result;
}

/** True when Postgres answers. */
export async function databaseAnswers(): Promise<boolean> {
  return prisma().$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  );
}
