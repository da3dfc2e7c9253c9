// A subscription that Laurel disables is an event for the shop's other ones, exactly once.
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import { deleteSubscription, switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import { tellDisabled } from "../../app/webhooks/tell-disabled.server.ts";
import { doRound } from "../../app/worker/upkeep.server.ts";
import "../support/database.ts";
import { growthShop, owe, subscribe } from "./shop-with-endpoint.ts";

const TYPE = "webhook.disabled";

/** A shop with an endpoint that fails and one that asks to hear of it. */
async function scene() {
  const shop = await growthShop();
  const failing = await subscribe(shop, "https://user-7.example.com/hooks/secret-path?key=secret", {
    eventTypes: ["order.recorded", TYPE],
  });
  const other = await subscribe(shop, "https://example.com/hook", { eventTypes: [TYPE] });
  return { shop, failing: failing.id, other: other.id };
}

/** The endpoint answers so; what it is owed is enough. */
async function answers(shop: ShopId, lane: string, status: 410 | 500): Promise<void> {
  await owe(shop, 1);
  const [held] = await claimDeliveries([{ s: lane, n: 1 }], 60_000);
  if (held === undefined) throw new Error("nothing was due");
  const { delivery_id: d, lease: l, revision: rv } = held;
  const v = status === 410 ? "gone" : "retry";
  const outcome = {
    d,
    l,
    v,
    st: status,
    er: null,
    ms: 1,
    at: Date.now(),
    an: "",
    ah: {},
    nx: 60_000,
    rv,
  } as const;
  await settleDeliveries([outcome], LANE_POLICY);
}

async function roundsOfTheWorker(): Promise<void> {
  while (await doRound(new AbortController().signal));
}

const told = (shop: ShopId) =>
  inShop(shop, async ({ db }) => {
    const events = await db.event.findMany({
      where: { shopId: shop, type: TYPE },
      orderBy: { position: "asc" },
    });
    const deliveries = await db.delivery.findMany({ where: { shopId: shop, eventType: TYPE } });
    return {
      events: events.map(
        ({ body }) => JSON.parse(body ?? "") as { data: object; sequence: number; timestamp: string },
      ),
      lanes: deliveries.map(({ subscriptionId }) => subscriptionId),
    };
  });

test("after 410 the others hear of it within the worker's next rounds, by the host alone", async () => {
  const { shop, failing, other } = await scene();
  await answers(shop, failing, 410);
  await roundsOfTheWorker();
  const { events, lanes } = await told(shop);
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({
    sequence: 0,
    data: { subscription_id: failing, host: "user-7.example.com", reason: "gone" },
  });
  expect(JSON.stringify(events)).not.toContain("secret");
  // The one that was disabled is owed nothing new.
  expect(lanes).toEqual([other]);
  const notice = await inShop(shop, (tx) => tx.db.notice.findFirst({ where: { shopId: shop } }));
  expect(events[0]?.timestamp).toBe(notice?.openedAt.toISOString());
});

test("after three days of nothing but failure too", async () => {
  const { shop, failing } = await scene();
  const since = new Date(Date.now() - 4 * 86_400_000);
  await inShop(shop, (tx) =>
    tx.db.lane.update({
      where: { subscriptionId: failing },
      data: { failingSince: since, consecutiveFailures: 1_000 },
    }),
  );
  await answers(shop, failing, 500);
  await roundsOfTheWorker();
  expect((await told(shop)).events).toMatchObject([{ data: { reason: "failing" } }]);
});

test("once, whoever tells it at the same time and however often", async () => {
  const { shop, failing, other } = await scene();
  await answers(shop, failing, 410);
  const found = await Promise.all(Array.from({ length: 5 }, () => tellDisabled(shop)));
  expect(found.reduce((sum, step) => sum + step.found, 0)).toBe(1);
  await roundsOfTheWorker();
  const { events, lanes } = await told(shop);
  expect([events.length, lanes]).toEqual([1, [other]]);
});

test("again when it is disabled again", async () => {
  const { shop, failing } = await scene();
  for (let times = 1; times <= 2; times += 1) {
    await answers(shop, failing, 410);
    await roundsOfTheWorker();
    expect((await told(shop)).events).toHaveLength(times);
    await switchSubscription(shop, failing, "enabled");
  }
});

test("also when it was deleted meanwhile; but not when somebody disables or deletes it", async () => {
  const { shop, failing, other } = await scene();
  await switchSubscription(shop, failing, "disabled");
  await roundsOfTheWorker();
  expect((await told(shop)).events).toEqual([]);
  await switchSubscription(shop, failing, "enabled");
  await answers(shop, failing, 410);
  await deleteSubscription(shop, failing);
  await roundsOfTheWorker();
  expect(await told(shop)).toMatchObject({
    events: [{ data: { subscription_id: failing } }],
    lanes: [other],
  });
});
