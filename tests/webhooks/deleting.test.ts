// A subscription is deleted at once, however much it is owed; a worker cancels what the click left.
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { summon } from "../../app/platform/upkeep.server.ts";
import { claimDeliveries, dueLanes } from "../../app/webhooks/claim.server.ts";
import type { Claimed } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import { CANCEL_BATCH, stopSending } from "../../app/webhooks/stop-sending.server.ts";
import { deleteSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import { doRound } from "../../app/worker/upkeep.server.ts";
import { aClient, waiting, waitsForLock } from "../shops/at-once.ts";
import "../support/database.ts";
import { eventually, growthShop, owe, subscribe } from "./shop-with-endpoint.ts";

const URL = "https://example.com/hook";
const LEASE_MS = 60_000;

async function oweMany(shop: ShopId, lane: string, count: number): Promise<void> {
  await inShop(
    shop,
    (tx) => tx.db.$executeRaw`
      INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, due_at, created_at)
      SELECT new_id('dlv'), ${shop}, ${lane}, 'evt_' || n, 'order.recorded', now(), now()
        FROM generate_series(1, ${count}::int) n`,
  );
}

const counts = (shop: ShopId) =>
  inShop(shop, async ({ db }) => ({
    owed: await db.owed.count({ where: { shopId: shop } }),
    cancelled: await db.delivery.count({
      where: { shopId: shop, state: "cancelled", reason: "subscription_deleted" },
    }),
  }));

async function roundsOfTheWorker(): Promise<void> {
  while (await doRound(new AbortController().signal));
}

/** Settles what was claimed; it stays due at once. */
function answered({ delivery_id: d, lease: l }: Claimed, v: "retry" | "gone", st: number) {
  const outcome = { d, l, v, st, er: null, ms: 1, at: Date.now(), an: "", ah: {}, nx: 0 };
  return settleDeliveries([outcome], LANE_POLICY);
}

test("more than one batch ends cancelled, and nothing of it is sent meanwhile", async () => {
  const shop = await growthShop();
  const [gone, stays] = [await subscribe(shop, URL), await subscribe(shop, `${URL}/2`)];
  const many = 2 * CANCEL_BATCH + 3;
  await oweMany(shop, gone.id, many);
  await owe(shop, 1);
  expect(await deleteSubscription(shop, gone.id)).toEqual({ ok: true, value: { cancelled: many + 1 } });
  expect(await counts(shop)).toEqual({ owed: many + 2 - CANCEL_BATCH, cancelled: CANCEL_BATCH });
  expect(await claimDeliveries([{ s: gone.id, n: 10 }], LEASE_MS)).toEqual([]);
  expect((await dueLanes("", 10, 10_000)).map((lane) => lane.subscription_id)).toEqual([stays.id]);
  await roundsOfTheWorker();
  expect(await counts(shop)).toEqual({ owed: 1, cancelled: many + 1 });
  expect(await claimDeliveries([{ s: stays.id, n: 10 }], LEASE_MS)).toHaveLength(1);
});

test("what a worker was sending when it was deleted stays cancelled, and its attempt is kept", async () => {
  const shop = await growthShop();
  const { id } = await subscribe(shop, URL);
  await owe(shop, 1);
  const [held] = await claimDeliveries([{ s: id, n: 1 }], LEASE_MS);
  if (held === undefined) throw new Error("nothing was due");
  await deleteSubscription(shop, id);
  await answered(held, "retry", 500);
  expect(await counts(shop)).toEqual({ owed: 0, cancelled: 1 });
  expect(await inShop(shop, (tx) => tx.db.attempt.count({ where: { shopId: shop } }))).toBe(1);
});

test("what came to be owed while it was deleted is found within the hour", async () => {
  const shop = await growthShop();
  const { id } = await subscribe(shop, URL);
  await deleteSubscription(shop, id);
  await oweMany(shop, id, 2);
  await inShop(shop, (tx) => summon(tx, "deleted"));
  await roundsOfTheWorker();
  expect(await counts(shop)).toEqual({ owed: 0, cancelled: 2 });
});

const ENDS: Record<string, (shop: ShopId, lane: string) => Promise<unknown>> = {
  deleted: deleteSubscription,
  uninstalled: (shop) => inShop(shop, (tx) => stopSending(tx, now())),
};

test.each(Object.keys(ENDS))(
  "%s while it is disabled for its answers: neither waits in a circle",
  async (how) => {
    const shop = await growthShop();
    const { id } = await subscribe(shop, URL);
    await owe(shop, 3);
    const [held] = await claimDeliveries([{ s: id, n: 1 }], LEASE_MS);
    if (held === undefined) throw new Error("nothing was due");
    const other = await aClient();
    await other.query("BEGIN");
    await other.query("SELECT FROM lane WHERE subscription_id = $1 FOR UPDATE", [id]);
    // Has the delivery, waits for the lane, and will want the subscription.
    const settled = answered(held, "gone", 410);
    await waitsForLock("settle_deliveries");
    let over = false;
    const ended = ENDS[how]?.(shop, id).finally(() => (over = true));
    await eventually(async () => expect(over || (await waiting()) === 2).toBe(true));
    await other.query("COMMIT");
    await other.end();
    expect((await Promise.all([settled, ended]))[0].stale).toEqual([]);
    // What was passed over is left to the next step.
    await roundsOfTheWorker();
    if (how === "uninstalled") while (await inShop(shop, (tx) => stopSending(tx, now())));
    expect((await counts(shop)).owed).toBe(0);
  },
);
