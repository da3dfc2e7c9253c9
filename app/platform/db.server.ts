// The one way into Postgres: a transaction that belongs to one shop.
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient, type Prisma } from "../../generated/prisma/index.js";
import type { ShopId } from "../loyalty/ids.ts";
import { ringLanes } from "./doorbell.server.ts";
import { env } from "./env.server.ts";
import { JoinablePool, joinPrisma } from "./join-prisma.server.ts";
import { log } from "./log.server.ts";
import { PreparedClient } from "./prepared-client.server.ts";
import { warnOfVoidSecurity } from "./row-security.server.ts";
import { COLUMN_TYPES } from "./shop-db.server.ts";
import { onShutdown } from "./shutdown.server.ts";
import { begin } from "./transaction.server.ts";

/** For a connection of the pool, or a new one. */
const WAIT_MS = 5_000;
const TRANSACTION_MS = 15_000;

/** What everything below a use case receives: the shop, the open transaction, and what follows it. */
export type ShopTx = {
  readonly shopId: ShopId;
  /** SQL and Prisma's models, in the transaction. Statements run in the order in which they were asked. */
  readonly db: Prisma.TransactionClient;
  /** Lets a statement run whose answer nobody needs before COMMIT, which waits for it and fails with it. */
  readonly unawaited: (answer: Promise<unknown>) => void;
  /** Runs inside the transaction, after the work and before COMMIT, in order. */
  readonly beforeCommit: (() => void)[];
  /** Lanes (subscription ids) that got a delivery: rung after COMMIT. */
  readonly lanes: Set<string>;
};

/** Where a use case works: in a transaction of its own for that shop, or in one that its caller has open. */
export type Within = ShopId | ShopTx;

type Open = { pool: JoinablePool; prisma: PrismaClient };
let open: Open | undefined;

function database(): Open {
  if (open !== undefined) return open;
  const pool = new JoinablePool({
    connectionString: env().DATABASE_URL,
    max: env().DATABASE_POOL,
    connectionTimeoutMillis: WAIT_MS,
    pipeline: true,
    types: COLUMN_TYPES,
    application_name: "laurel",
    Client: PreparedClient,
  });
  // A connection that dies while idle is replaced by the pool; without a listener it would end the process.
  pool.on("error", (error) => log.warn("database.connection_lost", {}, error));
  if (env().NODE_ENV === "production") void warnOfVoidSecurity(pool);
  const opened = { pool, prisma: new PrismaClient({ adapter: new PrismaPg(pool) }) };
  open = opened;
  onShutdown("database", async () => {
    open = undefined;
    await opened.prisma.$disconnect();
    await pool.end().catch(() => undefined);
  });
  return opened;
}

/** The Prisma client of this process. For the session storage and named cross-shop functions; else `inShop`. */
export function prisma(): PrismaClient {
  return database().prisma;
}

/** Now by the database's clock, for what is compared with times that another machine wrote. */
export async function databaseNow({ db }: ShopTx): Promise<Date> {
  const [row] = await db.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`;
  if (row === undefined) throw new Error("the database told no time");
  return row.at;
}

/**
 * Runs `work` in one transaction on behalf of a shop, with row-level security set to it, then rings the lanes. Within an
 * open transaction it is a part of that one, which commits or takes back both.
 * @returns what `work` returns, after COMMIT.
 * @throws what `work` or a statement throws, after ROLLBACK.
 */
export async function inShop<T>(within: Within, work: (tx: ShopTx) => Promise<T>): Promise<T> {
  if (typeof within !== "string") return work(within);
  const shopId = within;
  const client = await database().pool.connect();
  const join = () => joinPrisma(prisma(), client, TRANSACTION_MS);
  const { db, unawaited, commit, rollback } = begin(client, shopId, { join, longestMs: TRANSACTION_MS });
  const tx: ShopTx = { shopId, db, unawaited, beforeCommit: [], lanes: new Set() };
  try {
    const done = await work(tx);
    for (const finish of tx.beforeCommit) finish();
    await commit();
    ringLanes(tx.lanes);
    return done;
  } catch (error) {
    throw await rollback(error);
  }
}

/** True when Postgres answers. */
export async function databaseAnswers(): Promise<boolean> {
  return prisma().$queryRaw`SELECT 1`.then(
    () => true,
    () => false,
  );
}
