// Lets Prisma's models work inside a transaction that `inShop` has begun on a connection of its own.
import { AsyncLocalStorage } from "node:async_hooks";
import pg from "pg";
import type { Prisma, PrismaClient } from "../../generated/prisma/index.js";

/** What Prisma says around its transactions: this one is begun and ended by somebody else. */
const NOT_FOR_IT = new Set(["BEGIN", "COMMIT", "ROLLBACK"]);
const DONE = { fields: [], rows: [], rowCount: 0 };

const joined = new AsyncLocalStorage<pg.ClientBase>();

/** A pool that gives Prisma, when it begins a transaction, the connection of the one that it is to join. */
export class JoinablePool extends pg.Pool {
  override connect: pg.Pool["connect"] = ((...args: [never]) => {
    const client = joined.getStore();
    return client ? Promise.resolve(asPooled(client)) : super.connect(...args);
  }) as pg.Pool["connect"];
}

function asPooled(client: pg.ClientBase): unknown {
  const nothing = () => undefined;
  return {
    query: (query: pg.QueryConfig, values: unknown[]) =>
      NOT_FOR_IT.has(query.text) ? Promise.resolve(DONE) : client.query(query, values),
    on: nothing,
    removeListener: nothing,
    release: nothing,
  };
}

export type Joined = {
  readonly db: Promise<Prisma.TransactionClient>;
  /** Lets Prisma end its side; the transaction itself goes on. */
  readonly leave: () => Promise<void>;
};

/** Opens Prisma's side of the transaction on `client`, for `longestMs` at most. `prisma` uses a `JoinablePool`. */
export function joinPrisma(prisma: PrismaClient, client: pg.ClientBase, longestMs: number): Joined {
  const opened = Promise.withResolvers<Prisma.TransactionClient>();
  const left = Promise.withResolvers<undefined>();
  const work = (db: Prisma.TransactionClient) => {
    opened.resolve(db);
    return left.promise;
  };
  const ended = joined.run(client, () => prisma.$transaction(work, { timeout: longestMs }));
  ended.catch(opened.reject);
  return {
    db: opened.promise,
    leave: async () => {
      left.resolve(undefined);
      await ended;
    },
  };
}
