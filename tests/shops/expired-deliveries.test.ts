// Thirty days after an event nothing of it is owed any more, whatever held it up; who sends is not disturbed by that.
import pg from "pg";
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { REMOVE_BATCH, removeOld } from "../../app/shops/retention.server.ts";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import { DELIVERY_REASONS, wordsOfReason } from "../../app/webhooks/delivery-reason.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import type { Outcome } from "../../app/webhooks/settle.server.ts";
import { switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import { stopClock } from "../support/clock.ts";
import { testDatabase } from "../support/database.ts";
import { deliveriesOf, growthShop, owe, statesOf, subscribe } from "../webhooks/shop-with-endpoint.ts";

const DAY_MS = 86_400_000;
const LEASE_MS = 60_000;
const database = testDatabase();

type Scene = { shop: ShopId; lane: string };

const answered = { st: 200, er: null, ms: 1, at: 1_800_000_000_000, an: "", ah: {} };
const settle = (
  claimed: readonly { delivery_id: string; lease: string; revision: number }[],
  outcome: Partial<Outcome> & { v: Outcome["v"] },
) =>
  settleDeliveries(
    claimed.map(({ delivery_id: d, lease: l, revision: rv }) => ({ d, l, rv, ...answered, ...outcome })),
    LANE_POLICY,
  );
const claim = (lane: string, n: number) => claimDeliveries([{ s: lane, n }], LEASE_MS);

async function owing(events: number): Promise<Scene> {
  const shop = await growthShop();
  const { id: lane } = await subscribe(shop, "https://example.com/hook");
  await owe(shop, events);
  return { shop, lane };
}

const left = (shop: ShopId) =>
  inShop(shop, async ({ db }) => ({
    owed: await db.owed.count({ where: { shopId: shop } }),
    bodies: await db.event.count({ where: { shopId: shop, body: { not: null } } }),
    events: await db.event.count({ where: { shopId: shop } }),
  }));

const afterDays = (days: number) => stopClock(new Date(Date.now() + days * DAY_MS));

const HELD_UP: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  "the endpoint answered 410": async ({ lane }) => {
    await settle(await claim(lane, 1), { v: "gone", st: 410, nx: 10_000 });
  },
  "every attempt failed for three days": async ({ shop, lane }) => {
    const since = new Date(Date.now() - 4 * DAY_MS);
    await inShop(shop, (tx) =>
      tx.db.lane.update({
        where: { subscriptionId: lane },
        data: { failingSince: since, consecutiveFailures: 1_000 },
      }),
    );
    await settle(await claim(lane, 1), { v: "retry", st: 500, nx: 10_000 });
  },
  "it was disabled by hand": ({ shop, lane }) => switchSubscription(shop, lane, "disabled"),
  "it was paused": ({ shop, lane }) => switchSubscription(shop, lane, "paused"),
  "the plan was lowered": ({ shop }) =>
    inShop(shop, (tx) =>
      tx.db.shop.update({ where: { id: shop }, data: { plan: "free", sendsWebhooks: false } }),
    ),
  "it is enabled, and the next attempt is far away": async ({ lane }) => {
    await settle(await claim(lane, 3), { v: "wait", st: 429, nx: 10_000, ra: 40 * DAY_MS });
  },
};

test.each(Object.entries(HELD_UP))(
  "%s: what it was owed is cancelled, then the body goes",
  async (_, hold) => {
    const scene = await owing(3);
    await hold(scene);
    afterDays(29.9);
    await removeOld();
    expect(await left(scene.shop)).toEqual({ owed: 3, bodies: 3, events: 3 });
    afterDays(30.1);
    await removeOld();
    expect(await left(scene.shop)).toEqual({ owed: 0, bodies: 0, events: 3 });
    const deliveries = await deliveriesOf(scene.shop);
    expect(deliveries.map(({ state, reason }) => `${state} ${reason}`)).toEqual(
      Array.from({ length: 3 }, () => "cancelled expired"),
    );
  },
);

test("told to stop, it leaves the rest to the next time", async () => {
  const { shop } = await owing(2);
  afterDays(30.1);
  await removeOld(AbortSignal.abort());
  expect(await left(shop)).toEqual({ owed: 2, bodies: 2, events: 2 });
  await removeOld();
  expect(await left(shop)).toEqual({ owed: 0, bodies: 0, events: 2 });
});

test("what a worker holds is not cancelled under its hands: it ends as it ends, and goes the next time", async () => {
  const { shop, lane } = await owing(2);
  const [held] = await claim(lane, 1);
  if (held === undefined) throw new Error("nothing was due");
  afterDays(30.1);
  await removeOld();
  expect(await statesOf(shop)).toEqual({ cancelled: 1, pending: 1 });
  expect(await left(shop)).toEqual({ owed: 1, bodies: 1, events: 2 });
  await settle([held], { v: "retry", st: 500, nx: 10_000 });
  await removeOld();
  expect(await statesOf(shop)).toEqual({ cancelled: 2 });
  expect(await left(shop)).toEqual({ owed: 0, bodies: 0, events: 2 });
});

test("a delivery whose worker died with it is cancelled when the lease is over", async () => {
  const { shop, lane } = await owing(1);
  await claimDeliveries([{ s: lane, n: 1 }], 0);
  afterDays(30.1);
  await removeOld();
  expect(await left(shop)).toEqual({ owed: 0, bodies: 0, events: 1 });
});

test("more than one batch goes in one run, though an event is owed to several", async () => {
  const shop = await growthShop();
  const lanes: string[] = [];
  for (let i = 0; i < 3; i += 1) lanes.push((await subscribe(shop, `https://example.com/hook/${i}`)).id);
  await inShop(shop, async ({ db }) => {
    await db.$executeRaw`
      INSERT INTO event (event_id, shop_id, type, sequence, body, occurred_at, recorded_at)
      SELECT 'evt_many_' || n, ${shop}, 'order.recorded', 0, '{}', now(), now()
        FROM generate_series(1, ${Math.ceil(REMOVE_BATCH / 2)}::int) n`;
    await db.$executeRaw`
      INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, due_at, created_at)
      SELECT new_id('dlv'), ${shop}, s, event_id, type, now(), now() FROM event, unnest(${lanes}::text[]) s
       WHERE shop_id = ${shop}`;
  });
  afterDays(30.1);
  await removeOld();
  expect(await left(shop)).toMatchObject({ owed: 0, bodies: 0 });
});

/** A client with a transaction of its own, open until `commit`; it gives up rather than wait for a lock. */
async function transaction(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query("BEGIN");
  await client.query("SET LOCAL lock_timeout = '2s'");
  return client;
}

async function commit(client: pg.Client): Promise<void> {
  await client.query("COMMIT");
  await client.end();
}

const REMOVE = "SELECT remove_old('event_bodies', $1, $2)::int AS removed";

test("while old rows are being removed, deliveries are claimed and settled without waiting", async () => {
  const { shop, lane } = await owing(4);
  const [held] = await claim(lane, 1);
  if (held === undefined) throw new Error("nothing was due");
  const removing = await transaction();
  const { rows } = await removing.query<{ removed: number }>(REMOVE, [
    new Date(Date.now() + DAY_MS),
    // Two events' worth: two stay free.
    2,
  ]);
  expect(rows).toEqual([{ removed: 4 }]);
  const sending = await transaction();
  const taken = await sending.query<{ delivery_id: string; lease: string }>(
    "SELECT delivery_id, lease FROM claim_deliveries($1, $2)",
    [JSON.stringify([{ s: lane, n: 10 }]), LEASE_MS],
  );
  expect(taken.rows).toHaveLength(1);
  const outcomes = [held, ...taken.rows].map(({ delivery_id: d, lease: l }) => ({
    d,
    l,
    v: "delivered",
    ...answered,
  }));
  await sending.query("SELECT settle_deliveries($1, $2)", [
    JSON.stringify(outcomes),
    JSON.stringify(LANE_POLICY),
  ]);
  await commit(sending);
  await commit(removing);
  expect(await statesOf(shop)).toEqual({ cancelled: 2, delivered: 2 });
  expect(await left(shop)).toMatchObject({ owed: 0, bodies: 2 });
});

test("while deliveries are being claimed and settled, old rows are removed without waiting, and none of theirs", async () => {
  const { shop, lane } = await owing(3);
  const [settled] = await claim(lane, 1);
  if (settled === undefined) throw new Error("nothing was due");
  const sending = await transaction();
  const { delivery_id: d, lease: l } = settled;
  await sending.query("SELECT settle_deliveries($1, $2)", [
    JSON.stringify([{ d, l, v: "retry", nx: 0, ...answered, st: 500 }]),
    JSON.stringify(LANE_POLICY),
  ]);
  await sending.query("SELECT FROM claim_deliveries($1, $2)", [
    JSON.stringify([{ s: lane, n: 1 }]),
    LEASE_MS,
  ]);
  const removing = await transaction();
  await removing.query(REMOVE, [new Date(Date.now() + DAY_MS), REMOVE_BATCH]);
  await commit(removing);
  await commit(sending);
  expect(await statesOf(shop)).toEqual({ cancelled: 1, pending: 2 });
  expect(await left(shop)).toEqual({ owed: 2, bodies: 2, events: 3 });
});

test("the log has words for every reason", () => {
  for (const reason of DELIVERY_REASONS) expect(wordsOfReason(reason)).toMatch(/^[A-Z].*\.$/);
  expect(DELIVERY_REASONS).toContain("expired");
});
