// Workers that ask for the same lanes at the same moment: a rate is one for all of them, and they never wait in a circle.
import type pg from "pg";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import { aClient, waiting } from "../shops/at-once.ts";
import { testDatabase } from "../support/database.ts";
import { eventually, growthShop, inSql, owe, subscribe } from "./shop-with-endpoint.ts";

const NOBODY = "http://127.0.0.1:9/";
const LEASE_MS = 60_000;
const RATE = 5;

const claim = (...lanes: string[]) =>
  claimDeliveries(
    lanes.sort().map((s) => ({ s, n: 10 })),
    LEASE_MS,
  );

// Another transaction that is at a lane, as a settling may be.
let other: pg.Client;
beforeEach(async () => {
  other = await aClient();
  await other.query("BEGIN");
});
afterEach(() => other.end());

const lock = (lane: string) => other.query("SELECT FROM lane WHERE subscription_id = $1 FOR UPDATE", [lane]);

const claimsWait = (count: number) =>
  eventually(async () => expect(await waiting("claim_deliveries")).toBe(count));

test("what two of them take of a lane in one second is its rate together", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, NOBODY, { ratePerSecond: RATE });
  await owe(shopId, 4 * RATE);
  await lock(id);
  // Both in one second of the database, whatever time it is.
  await other.query(
    "SELECT pg_sleep(1.01 - extract(milliseconds FROM clock_timestamp())::numeric % 1000 / 1000)",
  );
  const asked = Promise.all([claim(id), claim(id)]);
  await claimsWait(2);
  await other.query("COMMIT");
  const taken = (await asked).map(({ length }) => length);
  expect(taken.sort()).toEqual([0, RATE]);
});

test("a rate that is lowered within a second gives nothing more in it, and fails nobody", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, NOBODY, { ratePerSecond: RATE });
  const { id: free } = await subscribe(shopId, NOBODY);
  await owe(shopId, 2 * RATE);
  await inSql(shopId, `UPDATE lane SET paced = 8, paced_at = date_trunc('second', now()) + interval '1 s'`);
  const taken = await claim(id, free);
  expect(taken.every((row) => row.subscription_id === free)).toBe(true);
  expect(taken).toHaveLength(10);
});

test("who has waited for a lane takes nothing of a shop whose plan was lowered meanwhile", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, NOBODY, { ratePerSecond: RATE });
  const { id: free } = await subscribe(shopId, NOBODY);
  await owe(shopId, RATE);
  await lock(id);
  const asked = claim(id, free);
  await claimsWait(1);
  await inSql(shopId, "UPDATE shop SET sends_webhooks = false");
  await other.query("COMMIT");
  expect(await asked).toEqual([]);
});

test("a lane with a rate and nothing due is not written", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, NOBODY, { ratePerSecond: RATE });
  const version = () =>
    testDatabase().query(
      "SELECT set_config('laurel.shop_id', '*', true), (SELECT xmin::text FROM lane WHERE subscription_id = $1)",
      [id],
    );
  const before = await version();
  expect(await claim(id)).toEqual([]);
  expect(await version()).toEqual(before);
});

test("lanes are locked by their ids, whether a rate or a breaker is the reason", async () => {
  const shopId = await growthShop();
  const made = [await subscribe(shopId, NOBODY), await subscribe(shopId, NOBODY)];
  const [first = "", second = ""] = made.map(({ id }) => id).sort();
  await owe(shopId, 1);
  await inSql(
    shopId,
    `UPDATE subscription SET rate_per_second = ${RATE} WHERE subscription_id = '${second}'`,
  );
  await inSql(
    shopId,
    `UPDATE lane SET breaker = 'open', not_before = now() - interval '1 s' WHERE subscription_id = '${first}'`,
  );
  await lock(first);
  const asked = claim(first, second);
  await claimsWait(1);
  await lock(second);
  await other.query("COMMIT");
  expect((await asked).map((row) => [row.subscription_id, row.probe]).sort()).toEqual([
    [first, true],
    [second, false],
  ]);
});

test("a lane whose breaker closes meanwhile gives what it is asked for", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, NOBODY);
  await owe(shopId, 3);
  await inSql(shopId, "UPDATE lane SET breaker = 'half_open', not_before = now() - interval '1 s'");
  await other.query("UPDATE lane SET breaker = 'closed', not_before = NULL WHERE subscription_id = $1", [id]);
  const asked = claim(id);
  await claimsWait(1);
  await other.query("COMMIT");
  expect(await asked).toHaveLength(3);
});

test("a lane whose rate is taken away meanwhile gives what it is asked for", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, NOBODY, { ratePerSecond: RATE });
  await owe(shopId, RATE + 1);
  await lock(id);
  await other.query("UPDATE subscription SET rate_per_second = NULL WHERE subscription_id = $1", [id]);
  const asked = claim(id);
  await claimsWait(1);
  await other.query("COMMIT");
  expect(await asked).toHaveLength(RATE + 1);
});
