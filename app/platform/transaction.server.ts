// One transaction on one connection, on behalf of one shop. Nothing waits that need not: BEGIN goes out with the first
// statement and COMMIT with the last.
import type pg from "pg";
import type { Prisma } from "../../generated/prisma/index.js";
import type { ShopId } from "../loyalty/ids.ts";
import type { Joined } from "./join-prisma.server.ts";
import { PreparedClient } from "./prepared-client.server.ts";
import { shopDb } from "./shop-db.server.ts";

export type Transaction = {
  readonly db: Prisma.TransactionClient;
  readonly unawaited: (answer: Promise<unknown>) => void;
  /** Commits, once every statement has succeeded. Throws the first failure. */
  readonly commit: () => Promise<void>;
  /** Takes everything back. Answers with what went wrong first: `error`, or a statement that nobody waited for. */
  readonly rollback: (error: unknown) => Promise<unknown>;
};

/**
 * Begins a transaction with row-level security set to the shop; COMMIT or ROLLBACK give the connection back. One that
 * lasts longer than `longestMs` loses its connection.
 */
export function begin(
  client: pg.PoolClient,
  shopId: ShopId,
  { join, longestMs }: { join: () => Joined; longestMs: number },
): Transaction {
  const sent: Promise<unknown>[] = [];
  let joined: Joined | undefined;
  const unawaited = (answer: Promise<unknown>): void => {
    // Whoever commits or rolls back hears of it.
    answer.catch(() => undefined);
    sent.push(answer);
  };
  const timer = setTimeout(() => client instanceof PreparedClient && client.abandon(), longestMs);
  const giveBack = (broken?: boolean): void => {
    clearTimeout(timer);
    client.release(broken);
  };
  unawaited(
    client.query(`BEGIN; SELECT set_config('laurel.shop_id', ${client.escapeLiteral(shopId)}, true)`),
  );
  return {
    db: shopDb(client, () => (joined ??= join())),
    unawaited,
    commit: async () => {
      await joined?.leave();
      const ended = client.query("COMMIT");
      await Promise.all([...sent, ended]);
      // PostgreSQL answers so when a statement had failed, whoever caught its error.
      if ((await ended).command !== "COMMIT") throw new Error("rolled back: a statement had failed");
      giveBack();
    },
    rollback: async (error) => {
      await joined?.leave().catch(() => undefined);
      const taken = await client.query("ROLLBACK").then(
        () => true,
        () => false,
      );
      giveBack(!taken);
      const answers = await Promise.allSettled(sent);
      const failed = answers.find((answer): answer is PromiseRejectedResult => answer.status === "rejected");
      return failed ? (failed.reason as unknown) : error;
    },
  };
}
