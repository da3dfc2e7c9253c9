// /v1/events: polling misses nothing and repeats nothing, whatever commits when.
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { readFeed } from "../../app/events/feed.server.ts";
import { record } from "../../app/events/record.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { now } from "../../app/platform/clock.server.ts";
import { catalogue } from "../../app/events/catalogue.ts";
import { removeOld } from "../../app/shops/retention.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { eventsOf, sendOrder } from "../orders/a-shop.ts";
import { stopClock } from "../support/clock.ts";
import "../support/database.ts";
import { endpoint } from "../webhooks/shop-with-endpoint.ts";
import { growthShopWithProgram, integrator, ORIGIN } from "./an-integrator.ts";
import type { Ask } from "./an-integrator.ts";

const PATIENCE_MS = 30_000;

type Slow = { begun: () => void; until: Promise<void> };

function recordOne(shop: ShopId, slow?: Slow) {
  return inShop(shop, async (tx) => {
    // The transaction has its number from its first write on.
    await tx.db.$queryRaw`SELECT pg_current_xact_id()::text`;
    slow?.begun();
    await slow?.until;
    record(tx, {
      type: "order.recorded",
      memberId: null,
      occurredAt: now(),
      data: catalogue["order.recorded"].example,
    });
  });
}

/** Polls until so many events have come, or for half a minute: whatever else writes on this server holds the feed up. */
async function poll(ask: Ask, from: string, count: number): Promise<{ ids: string[]; next: string }> {
  const ids: string[] = [];
  let next = from;
  const end = performance.now() + PATIENCE_MS;
  while (ids.length < count && performance.now() < end) {
    const { body } = await ask("GET", next);
    ids.push(...body.data.map(({ id }) => id));
    next = body.links.next ?? "";
    if (body.meta["has_more"] !== true) await sleep(100);
  }
  return { ids, next };
}

test("every event of an order comes once, oldest first, with the webhook's own body", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  await sendOrder(shop, { id: "1" });
  const recorded = await eventsOf(shop);
  const { ids } = await poll(ask, "/v1/events?page[size]=2", recorded.length);
  expect(ids).toHaveLength(recorded.length);
  expect(new Set(ids).size).toBe(ids.length);
  const [first] = (await ask("GET", "/v1/events?page[size]=1")).body.data;
  expect(first?.attributes["payload"]).toMatchObject({
    id: first?.id,
    event: first?.attributes["event"],
    test: false,
  });
  expect((await ask("GET", `/v1/events/${first?.id}`)).body.data).toEqual(first);
  const earned = await ask("GET", "/v1/events?filter[event]=points.earned,points.reversed");
  expect(earned.body.data.map(({ attributes }) => attributes["event"])).toEqual(["points.earned"]);
});

test("an event that commits late comes late, and is never passed over", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = recordOne(shop, { begun: begun.resolve, until: gate.promise });
  await begun.promise;
  await recordOne(shop);
  await recordOne(shop);
  // While an older transaction is open, what is younger waits: whoever saw it now would pass the older one over.
  const { body } = await ask("GET", "/v1/events");
  expect(body.data).toEqual([]);
  gate.resolve();
  await slow;
  const after = await poll(ask, body.links.next ?? "", 3);
  const all = await inShop(shop, (tx) =>
    tx.db.event.findMany({ where: { shopId: shop }, select: { id: true } }),
  );
  expect([...after.ids].sort()).toEqual(all.map(({ id }) => id).sort());
  const last = await ask("GET", after.next);
  expect([last.body.data, last.body.links.next]).toEqual([[], after.next]);
});

test("polling beside forty writers misses nothing and repeats nothing", async () => {
  const shop = await growthShopWithProgram();
  const writers = Promise.all(Array.from({ length: 40 }, () => recordOne(shop)));
  const seen: string[] = [];
  let cursor: string | undefined;
  for (const end = performance.now() + PATIENCE_MS; seen.length < 40 && performance.now() < end;) {
    const page = await readFeed(shop, { size: 3, cursor });
    if (!page.ok) throw new Error(page.refusal);
    seen.push(...page.value.events.map(({ id }) => id));
    cursor = page.value.next;
  }
  await writers;
  const rest = await readFeed(shop, { size: 3, cursor });
  expect(rest).toMatchObject({ value: { events: [] } });
  expect([seen.length, new Set(seen).size]).toEqual([40, 40]);
});

test("a filter's polls go on behind what they looked at, and pass nothing over", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  const at = "/v1/events?filter[event]=points.earned&page[size]=1";
  await recordOne(shop);
  const { next: end } = await poll(ask, "/v1/events", 1);
  const none = await ask("GET", at);
  const cursorOf = (link: string) => new URL(link, ORIGIN).searchParams.get("page[cursor]");
  expect(none.body.data).toEqual([]);
  expect(cursorOf(none.body.links.next ?? "")).toBe(cursorOf(end));
  for (const id of ["1", "2"]) await sendOrder(shop, { id });
  const { ids, next } = await poll(ask, none.body.links.next ?? "", 2);
  expect(new Set(ids).size).toBe(2);
  // What matched nothing behind the last match is not read again, and a place ahead of all stays where it is.
  const last = await ask("GET", next);
  expect([last.body.data, cursorOf(last.body.links.next ?? "")]).toEqual([[], cursorOf(next)]);
  const ahead = await readFeed(shop, { size: 1, cursor: "18446744073709551615-7" });
  expect(ahead).toMatchObject({ value: { events: [], next: "18446744073709551615-7", hasMore: false } });
});

test("a place's numbers may begin with zeros", async () => {
  const { ask } = await integrator(await growthShopWithProgram());
  expect((await ask("GET", "/v1/events?page[cursor]=09-01")).status).toBe(200);
});

test("from the newest on, only what comes later is told", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  await recordOne(shop);
  await poll(ask, "/v1/events", 1);
  const start = await ask("GET", "/v1/events?page[start]=newest");
  expect(start.body.data).toEqual([]);
  await recordOne(shop);
  expect((await poll(ask, start.body.links.next ?? "", 1)).ids).toHaveLength(1);
});

test("a body that was removed is null, and the event still there", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  await recordOne(shop);
  const clock = stopClock(new Date());
  clock.advance(31 * 24 * 60 * 60 * 1_000);
  await removeOld();
  const { ids } = await poll(ask, "/v1/events", 1);
  const { data: event } = (await ask("GET", `/v1/events/${ids[0]}`)).body;
  expect(event.attributes["payload"]).toBeNull();
});

test("what does not read is refused", async () => {
  const { ask } = await integrator(await growthShopWithProgram());
  for (const query of [
    "page[cursor]=x",
    "page[cursor]=99999999999999999999-1",
    "filter[event]=points.stolen",
    "page[start]=now",
  ]) {
    expect((await ask("GET", `/v1/events?${query}`)).status, query).toBe(400);
  }
  expect((await ask("GET", "/v1/events/evt_nothing")).status).toBe(404);
});

test("a test is no event of the feed, and is found by its id", async () => {
  const [shop, receiver] = [await growthShopWithProgram(), await endpoint()];
  const { ask } = await integrator(shop);
  const body = { url: receiver.url, events: ["points.earned"] };
  const { id } = (await ask("POST", "/v1/webhook-subscriptions", { body })).body.data;
  const sent = await ask("POST", `/v1/webhook-subscriptions/${id}/test`, {
    body: { event: "points.earned" },
  });
  await recordOne(shop);
  const { ids } = await poll(ask, "/v1/events", 1);
  const tested = String(sent.body.data.attributes["event_id"]);
  expect(ids).toHaveLength(1);
  expect(ids).not.toContain(tested);
  const { data: event } = (await ask("GET", `/v1/events/${tested}`)).body;
  expect(event.attributes["payload"]).toMatchObject({ event: "points.earned", test: true });
});

test("every event type has its words, schema, example and formats", async () => {
  const { ask } = await integrator(await growthShopWithProgram());
  const { body } = await ask("GET", "/v1/event-types");
  expect(body.data.map(({ id }) => id)).toEqual(EVENT_TYPES);
  expect(body.data[0]?.attributes["formats"]).toEqual(["laurel", "cloudevents", "masivo"]);
});
