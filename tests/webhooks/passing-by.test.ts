// Neither a claim nor a settling walks a long backlog: a claim begins where the one before it ended, and what is owed from
// before that place, committed late or left behind by another worker, goes out all the same.
import pg from "pg";
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import type { Claimed } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import type { Outcome } from "../../app/webhooks/settle.server.ts";
import { testDatabase } from "../support/database.ts";
import { endpoint, engine, eventually, growthShop, owe, statesOf, subscribe } from "./shop-with-endpoint.ts";

const BACKLOG = 3_000;

const outcomeOf = ({ delivery_id: d, lease: l }: Claimed): Outcome => {
  return { d, l, v: "delivered", st: 200, er: null, ms: 1, at: 1 };
};

/** How many pages a statement reads; `$1` of it is the value as JSON. */
async function pagesRead(statement: string, value: unknown): Promise<number> {
  const text = statement.replace("$1", () => `'${JSON.stringify(value)}'`);
  const [row] = await testDatabase().query<{ "QUERY PLAN": [{ Plan: Record<string, number> }] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
  );
  const plan = row?.["QUERY PLAN"][0].Plan ?? {};
  return (plan["Shared Hit Blocks"] ?? NaN) + (plan["Shared Read Blocks"] ?? NaN);
}

/** Makes what is pending due so long ago, in the database's words. */
const dueAgo = (shopId: ShopId, ago: string) =>
  inShop(
    shopId,
    (tx) => tx.db.$executeRaw`
      UPDATE delivery SET due_at = now() - ${ago}::interval WHERE shop_id = ${shopId} AND state = 'pending'`,
  );

test("a claim reads no more pages behind a long backlog, though nothing of it could be cleared away", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
  const dump = new pg.Client({ connectionString: testDatabase().url });
  await dump.connect();
  await dump.query("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
  await owe(shopId, BACKLOG);
  let last: Claimed | undefined;
  for (let taken = 0; taken < BACKLOG - 100; taken += 100) {
    const claimed = await claimDeliveries([{ s: id, n: 100, ...from(last) }], 60_000);
    await settleDeliveries(claimed.map(outcomeOf), LANE_POLICY);
    last = claimed.at(-1);
  }
  const pagesOf = (ask: object) =>
    pagesRead("SELECT * FROM claim_deliveries($1::jsonb, 0)", [{ s: id, n: 10, ...ask }]);
  await pagesOf(from(last));
  const [since, all] = [await pagesOf(from(last)), await pagesOf({})];
  await dump.end();
  expect(since).toBeLessThan(all / 2);
});

test("settling reads no more pages at the end of a long lane", async () => {
  const pagesIn = async (count: number) => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    await owe(shopId, count);
    const settle = `SELECT settle_deliveries($1::jsonb, '${JSON.stringify(LANE_POLICY)}')`;
    // As a vacuum does within a minute.
    await testDatabase().query("ANALYZE delivery, owed");
    const held = await claimDeliveries([{ s: id, n: count }], 60_000);
    // The first finds the function unplanned.
    await pagesRead(settle, held.slice(0, 1).map(outcomeOf));
    return pagesRead(settle, held.slice(-50).map(outcomeOf));
  };
  const [short, long] = [await pagesIn(60), await pagesIn(BACKLOG)];
  expect(long).toBeLessThan(short * 2);
});

const from = (last: Claimed | undefined) =>
  last === undefined ? {} : { f: last.due_ms, d: last.delivery_id };

test.each([
  ["a second ago is found at the bell", "1 second", 60_000],
  ["long ago is found by the sweep", "1 hour", 200],
])("what was due %s, though later ones have gone out", async (_, ago, sweepMs) => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const { id } = await subscribe(shopId, receiver.url);
  const started = engine({ sweepMs });
  await owe(shopId, 20);
  started.ring(id);
  await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 20 }));
  await owe(shopId, 1);
  await dueAgo(shopId, ago);
  started.ring(id);
  await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 21 }));
});
