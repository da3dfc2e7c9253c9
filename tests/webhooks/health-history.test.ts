// How a subscription has been: days by the shop's calendar, whole hours counted once, and what changed when.
import { afterEach, describe, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { clockAt } from "../../app/shops/shop-time.ts";
import { findIncidents } from "../../app/webhooks/find-incidents.server.ts";
import { HISTORY_DAYS, readHealthHistory, rollUpHealth } from "../../app/webhooks/health-history.server.ts";
import { findSubscription } from "../../app/webhooks/list-subscriptions.server.ts";
import { switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import "../support/database.ts";
import { startReceiver } from "../support/receiver.ts";
import { eventually, growthShop, inSql, owe, startEngine, subscribe } from "./shop-with-endpoint.ts";

const ZONE = "Europe/Berlin";
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

let written = 0;
/** An attempt `hoursAgo` before the current hour's beginning, so many minutes into its hour. */
function attempt(
  { shopId, id }: { shopId: ShopId; id: string },
  hoursAgo: number,
  error: string | null,
  minutes = 5,
) {
  written += 1;
  return inShop(
    shopId,
    (tx) => tx.db.$executeRaw`
      INSERT INTO attempt (shop_id, delivery_id, number, subscription_id, started_at, duration_ms, status, error)
      VALUES (${shopId}, ${`dlv_h${written}`}, 1, ${id},
        date_trunc('hour', now()) + make_interval(hours => -${hoursAgo}::int, mins => ${minutes}::int), 20, 200, ${error})`,
  );
}
async function rollUp(shopId: ShopId): Promise<number> {
  let steps = 0;
  for (let after: string | null = ""; after !== null; steps += 1)
    ({ after } = await rollUpHealth(shopId, after));
  return steps;
}
async function shopWithAttempts() {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
  for (const [hoursAgo, error] of [
    [1, null],
    [1, "status"],
    [30, null],
    [100, "timeout"],
    [100, null],
  ] as const) {
    await attempt({ shopId, id }, hoursAgo, error);
  }
  return { shopId, id };
}
const sums = async (shopId: ShopId, id: string) => {
  const { days } = await readHealthHistory(shopId, id, ZONE);
  expect(days).toHaveLength(HISTORY_DAYS);
  const sum = (of: "delivered" | "failed") => days.reduce((total, day) => total + day[of], 0);
  return [sum("delivered"), sum("failed")];
};

describe("the history", () => {
  test("reads the same before and after whole hours were counted, and counts the current one live", async () => {
    const { shopId, id } = await shopWithAttempts();
    const before = await readHealthHistory(shopId, id, ZONE);
    expect(await sums(shopId, id)).toEqual([3, 2]);
    await rollUp(shopId);
    expect(await readHealthHistory(shopId, id, ZONE)).toEqual(before);
    const subscription = await findSubscription(shopId, id);
    expect(subscription?.health.hours.at(-2)).toEqual({ delivered: 1, failed: 1 });
    await attempt({ shopId, id }, 0, null, 0);
    expect(await sums(shopId, id)).toEqual([4, 2]);
  });

  test("an attempt that was written down late is counted by the next round, none twice", async () => {
    const { shopId, id } = await shopWithAttempts();
    await rollUp(shopId);
    await attempt({ shopId, id }, 1, null, 59);
    expect(await sums(shopId, id)).toEqual([3, 2]);
    expect(await rollUp(shopId)).toBeLessThanOrEqual(3);
    expect(await sums(shopId, id)).toEqual([4, 2]);
    await rollUp(shopId);
    expect(await sums(shopId, id)).toEqual([4, 2]);
  });

  test("days are those of the shop's calendar", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    const at = new Date(Date.now() - 3 * 86_400_000);
    at.setUTCHours(23, 30);
    await inShop(shopId, (tx) =>
      tx.db.attempt.create({
        data: {
          shopId,
          deliveryId: "dlv_late",
          number: 1,
          subscriptionId: id,
          startedAt: at,
          durationMs: 20,
        },
      }),
    );
    for (const zone of ["UTC", "Pacific/Auckland", "America/Los_Angeles"]) {
      const { days } = await readHealthHistory(shopId, id, zone);
      expect(days.filter(({ delivered }) => delivered > 0)).toEqual([
        { day: clockAt(at, zone).slice(0, 10), delivered: 1, failed: 0 },
      ]);
    }
  });

  test("counting takes no step for an hour without attempts, however long a shop was quiet", async () => {
    const busy = await shopWithAttempts();
    expect(await rollUp(busy.shopId)).toBe(4);
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    await inShop(
      shopId,
      (tx) => tx.db.$executeRaw`
        INSERT INTO health_hour (shop_id, subscription_id, hour, delivered, failed)
        VALUES (${shopId}, ${id}, date_trunc('hour', now()) - interval '60 days', 3, 1)`,
    );
    expect(await rollUp(shopId)).toBe(1);
    await attempt({ shopId, id }, 2, null);
    expect(await rollUp(shopId)).toBe(2);
    expect(await sums(shopId, id)).toEqual([1, 0]);
  });

  test("a shop without attempts has nothing to count", async () => {
    expect(await rollUp(await growthShop())).toBe(1);
  });
});

describe("what changed", () => {
  test("is noted when an endpoint begins to fail, is back, and is switched, each once", async () => {
    const receiver = await startReceiver();
    stops.push(() => receiver.close());
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 500 });
    const engine = startEngine({
      schedule: Array.from({ length: 40 }, () => 0.05),
      policy: {
        breaker_after: 3,
        breaker_first_ms: 50,
        breaker_max_ms: 100,
        disable_after_ms: 86_400_000,
        remember_success_ms: 1_000,
      },
    });
    stops.push(() => engine.stop());
    await owe(shopId, 4);
    const kinds = async () => (await readHealthHistory(shopId, id, ZONE)).changes.map(({ kind }) => kind);
    await eventually(async () => expect(await kinds()).toEqual(["failing"]));
    receiver.usualAnswer({ status: 200 });
    await eventually(async () => expect(await kinds()).toEqual(["recovered", "failing"]));
    await switchSubscription(shopId, id, "paused");
    await switchSubscription(shopId, id, "enabled");
    await switchSubscription(shopId, id, "disabled");
    expect(await kinds()).toEqual(["disabled", "enabled", "paused", "recovered", "failing"]);
    const { changes } = await readHealthHistory(shopId, id, ZONE);
    expect(changes.at(-1)?.detail).toMatch(/status other than 2xx/);
    expect(changes[0]?.detail).toBe("merchant");
  });
});

describe("incidents", () => {
  const incidents = (shopId: ShopId) => inShop(shopId, findIncidents);

  test("are endpoints that we disabled, that fail for long, and deliveries set aside; nothing else", async () => {
    const { shopId, id } = await shopWithAttempts();
    await owe(shopId, 2);
    expect(await incidents(shopId)).toEqual([]);
    const lane = (minutes: number) =>
      inShop(
        shopId,
        (tx) => tx.db.$executeRaw`UPDATE lane SET breaker = 'open', last_error = 'timeout',
          failing_since = now() - ${minutes}::int * interval '1 minute' WHERE shop_id = ${shopId}`,
      );
    await lane(5);
    expect(await incidents(shopId)).toEqual([]);
    await lane(60);
    const [failing, ...others] = await incidents(shopId);
    expect(failing).toMatchObject({ kind: "failing", subscriptionId: id });
    expect(failing?.detail).toMatch(/in time/);
    expect(others).toEqual([]);
    await switchSubscription(shopId, id, "disabled");
    expect(await incidents(shopId)).toEqual([]);
    await inShop(shopId, (tx) =>
      tx.db.subscription.update({
        where: { id },
        data: { disabledReason: "gone", description: "Warehouse" },
      }),
    );
    await inShop(shopId, (tx) => tx.db.delivery.updateMany({ where: { shopId }, data: { state: "parked" } }));
    expect(await incidents(shopId)).toMatchObject([
      { kind: "disabled", name: "Warehouse", detail: "gone" },
      { kind: "parked", count: 2 },
    ]);
    expect(await incidents(await growthShop())).toEqual([]);
  });

  test("are of what was set aside only what can still be sent again, and say where counting stopped", async () => {
    const shopId = await growthShop();
    await subscribe(shopId, "http://127.0.0.1:9/");
    await owe(shopId, 1_000);
    await inSql(shopId, "UPDATE delivery SET state = 'parked'");
    expect(await incidents(shopId)).toMatchObject([{ kind: "parked", count: 1_000, orMore: true }]);
    const [kept] = await inShop(shopId, (tx) => tx.db.event.findMany({ where: { shopId }, take: 1 }));
    await inShop(shopId, async (tx) => {
      await tx.db.$executeRaw`SELECT set_config('laurel.erasing', 'on', true)`;
      await tx.db.event.updateMany({ where: { shopId, id: { not: kept?.id ?? "" } }, data: { body: null } });
    });
    expect(await incidents(shopId)).toMatchObject([{ kind: "parked", count: 1 }]);
    await inShop(shopId, async (tx) => {
      await tx.db.$executeRaw`SELECT set_config('laurel.erasing', 'on', true)`;
      await tx.db.event.updateMany({ where: { shopId }, data: { body: null } });
    });
    expect(await incidents(shopId)).toEqual([]);
  });
});
