// The lists on the screens: what they find, and that turning the page forward and back shows every row once.
import { beforeAll, describe, expect, test } from "vitest";
import { readMemberPage } from "../../app/admin/member-pages.server.ts";
import { readSubscriptionPage } from "../../app/admin/webhook-pages.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { clockAt } from "../../app/shops/shop-time.ts";
import { createSubscription } from "../../app/webhooks/save-subscription.server.ts";
import { aShop, memberOf, sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";

const ZONE = "Europe/Berlin";
const ORDERS = 27;
let shop: ShopId;
let subscription = "";
let member = "";

beforeAll(async () => {
  shop = await aShop();
  await inShop(shop, (tx) =>
    tx.db.shop.update({ where: { id: shop }, data: { plan: "growth", sendsWebhooks: true } }),
  );
  const created = await createSubscription(shop, {
    url: "http://127.0.0.1:9/",
    format: "laurel",
    eventTypes: ["points.earned", "order.recorded", "customer.tier_upgrade"],
    description: "",
    headers: [],
    ratePerSecond: null,
  });
  if (!created.ok) throw new Error(created.refusal);
  subscription = created.value.id;
  for (let i = 1; i <= ORDERS; i += 1) {
    const customer = { id: "71", email: "ada@example.com" };
    await sendOrder(shop, { id: String(6_000 + i), customer });
  }
  await inShop(shop, (tx) =>
    tx.db.order.update({ where: { shopId_id: { shopId: shop, id: "6003" } }, data: { name: "#1003" } }),
  );
  member = (await memberOf(shop, "71"))?.id ?? "";
});

async function log(asked: Record<string, string>) {
  const address = new URLSearchParams(asked);
  const page = await readSubscriptionPage({ id: shop, timezone: ZONE }, subscription, address);
  if (page === null) throw new Error("no such page");
  return page;
}
const found = async (asked: Record<string, string>) =>
  (await log(asked)).deliveries.map(({ eventType, orderId }) => `${eventType} ${orderId ?? ""}`);

describe("the delivery log", () => {
  test("is turned forward to its end and back to its beginning, every delivery once in each direction", async () => {
    const pages: string[][] = [];
    let page = await log({});
    for (;;) {
      pages.push(page.deliveries.map(({ id }) => id));
      if (page.next === null) break;
      page = await log({ cursor: page.next });
    }
    expect(new Set(pages.flat()).size).toBe(pages.flat().length);
    expect(pages.length).toBeGreaterThan(2);
    const back: string[][] = [page.deliveries.map(({ id }) => id)];
    while (page.previous !== null) {
      page = await log({ cursor: page.previous });
      back.unshift(page.deliveries.map(({ id }) => id));
    }
    expect(back).toEqual(pages);
  });

  test.each([
    ["#1003", ["points.earned 6003", "order.recorded 6003"]],
    ["1003", ["points.earned 6003", "order.recorded 6003"]],
    ["6003", ["points.earned 6003", "order.recorded 6003"]],
    ["gid://shopify/Order/6003", ["points.earned 6003", "order.recorded 6003"]],
    ["#9999", []],
    ["nobody@example.com", []],
    ["evt_none", []],
  ])("a search for %j finds what is about it", async (q, expected) => {
    expect((await found({ q })).sort()).toEqual([...expected].sort());
  });

  test("a search reads an e-mail address, a customer's gid, a delivery's id, an event's id, a part of an event type", async () => {
    const all = (await log({})).deliveries;
    const [first] = all;
    expect(await found({ q: "ADA@example.com" })).toHaveLength(all.length);
    expect(await found({ q: "gid://shopify/Customer/71" })).toHaveLength(all.length);
    expect(await found({ q: "71" })).toHaveLength(all.length);
    expect(await found({ q: "#71" })).toEqual([]);
    expect((await log({ q: first?.id ?? "" })).deliveries).toEqual([first]);
    expect((await log({ q: first?.eventId ?? "" })).deliveries).toEqual([first]);
    expect(new Set((await found({ q: "earned" })).map((text) => text.split(" ")[0]))).toEqual(
      new Set(["points.earned"]),
    );
  });

  test("states, types and times are asked for together; what does not read is as if it were not there", async () => {
    const [{ id = "" } = {}] = (await log({ type: "order.recorded" })).deliveries;
    await inShop(shop, (tx) =>
      tx.db.delivery.update({
        where: { id },
        data: { state: "failed", createdAt: new Date("2026-01-05T23:30:00Z") },
      }),
    );
    expect(
      (await log({ state: "failed,parked", type: "order.recorded,points.earned" })).deliveries,
    ).toMatchObject([{ id }]);
    expect((await log({ state: "failed", type: "points.earned" })).deliveries).toEqual([]);
    // 23:30 in UTC is half past midnight on the shop's clocks.
    expect((await log({ from: "2026-01-06", until: "2026-01-07" })).deliveries).toMatchObject([{ id }]);
    expect((await log({ until: "2026-01-06" })).deliveries).toEqual([]);
    expect((await log({ time: "1h" })).deliveries).not.toHaveLength(0);
    expect((await log({ from: clockAt(new Date(now().getTime() + 120_000), ZONE) })).deliveries).toEqual([]);
    expect((await log({ state: "broken", type: "none", time: "ever", from: "x" })).deliveries).toHaveLength(
      25,
    );
  });

  test("a part of an event type is looked for among the chosen events", async () => {
    const typesOf = async (asked: Record<string, string>) =>
      new Set((await log(asked)).deliveries.map(({ eventType }) => eventType));
    expect(await found({ type: "order.recorded", q: "points" })).toEqual([]);
    expect(await typesOf({ type: "points.earned", q: "points" })).toEqual(new Set(["points.earned"]));
    expect(await typesOf({ type: "order.recorded,points.earned", q: "o" })).toEqual(
      new Set(["order.recorded", "points.earned"]),
    );
    expect(await found({ type: "points.earned", q: "#1003" })).toEqual(["points.earned 6003"]);
  });

  test("a cursor that is none leads to no page", async () => {
    expect(
      await readSubscriptionPage({ id: shop, timezone: ZONE }, subscription, new URLSearchParams("cursor=x")),
    ).toBeNull();
  });
});

describe("a member's page", () => {
  const read = async (turned: { entries?: string | null; orders?: string | null }) => {
    const page = await readMemberPage(shop, member, {
      entries: turned.entries ?? null,
      orders: turned.orders ?? null,
    });
    if (!page.ok) throw new Error(page.refusal);
    return page.value;
  };

  test.each(["orders", "statement"] as const)("%s are turned forward and back", async (list) => {
    const at = (cursor: string | null) =>
      read(list === "orders" ? { orders: cursor } : { entries: cursor }).then((page) => page[list]);
    const first = await at(null);
    const ids = (page: { rows: readonly { id: string }[] }) => page.rows.map(({ id }) => id);
    const second = await at(first.next);
    const back = await at(second.previous);
    expect(ids(back)).toEqual(ids(first));
    expect(back.previous).toBeNull();
    const all = [...ids(first), ...ids(second)];
    for (let page = second; page.next !== null; all.push(...ids(page))) page = await at(page.next);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toHaveLength(ORDERS);
  });

  test("an order that only a refund told of comes last, and its page is reached", async () => {
    await inShop(shop, (tx) =>
      tx.db.order.update({ where: { shopId_id: { shopId: shop, id: "6005" } }, data: { processedAt: null } }),
    );
    let page = (await read({})).orders;
    while (page.next !== null) page = (await read({ orders: page.next })).orders;
    expect(page.rows.at(-1)?.id).toBe("6005");
    expect((await read({ orders: page.previous })).orders.next).not.toBeNull();
  });

  test.each(["x", "WyJhIl0", Buffer.from('["2026-99-99","1",false]').toString("base64url")])(
    "the cursor %j is refused",
    async (cursor) => {
      for (const turned of [
        { entries: cursor, orders: null },
        { entries: null, orders: cursor },
      ]) {
        expect(await readMemberPage(shop, member, turned)).toMatchObject({ refusal: "cursor_invalid" });
      }
    },
  );
});
