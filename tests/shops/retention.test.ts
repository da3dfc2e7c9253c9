// What is too old goes, of every shop, and with a body what is still owed of it; what may be kept stays.
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { KEPT_MS, REMOVE_BATCH, removeOld } from "../../app/shops/retention.server.ts";
import { growthShop, owe, subscribe } from "../webhooks/shop-with-endpoint.ts";
import { stopClock } from "../support/clock.ts";
import "../support/database.ts";

const DAY_MS = 86_400_000;

async function withTraces(): Promise<ShopId> {
  const shop = await growthShop();
  const { id } = await subscribe(shop, "https://example.com/hook");
  await owe(shop, 2);
  await inShop(shop, async ({ db }) => {
    await db.$executeRaw`
      UPDATE delivery SET state = 'delivered', settled_at = now() WHERE delivery_id =
        (SELECT delivery_id FROM delivery WHERE shop_id = ${shop} ORDER BY delivery_id LIMIT 1)`;
    await db.$executeRaw`
      INSERT INTO attempt (shop_id, delivery_id, number, subscription_id, started_at, duration_ms)
      SELECT ${shop}, delivery_id, 1, ${id}, now(), 1 FROM delivery WHERE shop_id = ${shop}`;
    await db.$executeRaw`
      INSERT INTO receipt (shop_id, webhook_id, topic, body_hash, received_at)
      SELECT ${shop}, 'w' || n, 'orders/paid', 'h', now() FROM generate_series(1, ${REMOVE_BATCH + 10}::int) n`;
    await db.$executeRaw`
      INSERT INTO idempotent_answer (shop_id, key, request_hash, created_at) VALUES (${shop}, 'k', 'h', now())`;
  });
  return shop;
}

const left = (shop: ShopId) =>
  inShop(shop, async ({ db }) => ({
    receipts: await db.receipt.count({ where: { shopId: shop } }),
    bodies: await db.event.count({ where: { shopId: shop, body: { not: null } } }),
    events: await db.event.count({ where: { shopId: shop } }),
    attempts: await db.attempt.count({ where: { shopId: shop } }),
    answers: await db.idempotentAnswer.count({ where: { shopId: shop } }),
  }));

test("each kind goes when its time is over, and not before", async () => {
  const shops = [await withTraces(), await withTraces()];
  const clock = stopClock(new Date());
  const all = { receipts: REMOVE_BATCH + 10, bodies: 2, events: 2, attempts: 2, answers: 1 };
  const expected: [days: number, Partial<typeof all>][] = [
    [0.9, {}],
    [1.1, { answers: 0 }],
    [6.9, { answers: 0 }],
    [7.1, { answers: 0, receipts: 0 }],
    [29.9, { answers: 0, receipts: 0 }],
    // One of the two events was owed to somebody still. The rows stay: their ids tell what was sent.
    [30.1, { answers: 0, receipts: 0, bodies: 0 }],
    [89.9, { answers: 0, receipts: 0, bodies: 0 }],
    [90.1, { answers: 0, receipts: 0, bodies: 0, attempts: 0 }],
  ];
  let day = 0;
  for (const [days, change] of expected) {
    clock.advance((days - day) * DAY_MS);
    day = days;
    await removeOld();
    for (const shop of shops) expect(await left(shop), `after ${days} days`).toEqual({ ...all, ...change });
  }
});

test("two workers at once do no harm", async () => {
  const shop = await withTraces();
  stopClock(new Date(Date.now() + KEPT_MS.receipts + DAY_MS));
  const removed = await Promise.all([removeOld(), removeOld()]);
  expect(removed[0] + removed[1]).toBeGreaterThanOrEqual(REMOVE_BATCH + 10);
  await removeOld();
  expect((await left(shop)).receipts).toBe(0);
});
