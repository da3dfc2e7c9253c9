// A shop's life: it comes once, follows its plan, leaves, and comes back.
import type pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { authenticateAdmin } from "../../app/admin/authenticate.server.ts";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { findShop } from "../../app/shops/queries.server.ts";
import type { Shop } from "../../demo/shopify/shop.ts";
import { CANCEL_BATCH } from "../../app/webhooks/stop-sending.server.ts";
import { testDatabase } from "../support/database.ts";
import { fromAdmin, startNearbyShopify } from "../shopify/shopify-nearby.ts";
import type { NearbyShopify } from "../shopify/shopify-nearby.ts";
import { send } from "../shopify/send.ts";
import { owe, subscribe } from "../webhooks/shop-with-endpoint.ts";
import { aClient, COMES_BACK, waitsForLock } from "./at-once.ts";

const database = testDatabase();
let shopify: NearbyShopify;
let count = 0;

beforeAll(async () => {
  shopify = await startNearbyShopify();
});
afterAll(() => shopify.close());
beforeEach(() => void (shopify.asked.length = 0));

const visit = async (shop: Shop) => authenticateAdmin(fromAdmin(shopify.idToken(shop)));
async function installed(plan: Shop["plan"] = "growth"): Promise<{ there: Shop; shop: ShopId }> {
  count += 1;
  const there = shopify.shop(`life-${count}`, { plan, currency: "EUR", timeZone: "Europe/Berlin" });
  return { there, shop: (await visit(there)).shopId };
}
const deliveries = async (shop: ShopId) => {
  const rows = await inShop(shop, (tx) =>
    tx.db.delivery.groupBy({ by: ["state", "reason"], where: { shopId: shop }, _count: true }),
  );
  return rows.map(({ state, reason, _count }) => `${state} ${reason} ${_count}`);
};
const openNotices = (shop: ShopId) =>
  inShop(shop, async (tx) =>
    (await tx.db.notice.findMany({ where: { shopId: shop, resolvedAt: null } })).map(({ kind }) => kind),
  );
const plan = (shop: ShopId, status: string, name: string, updatedAt?: string) =>
  send({
    topic: "app_subscriptions/update",
    shop,
    body: {
      app_subscription: {
        admin_graphql_api_id: "gid://shopify/AppSubscription/9007199254740993",
        name,
        status,
        updated_at: updatedAt ?? new Date().toISOString(),
      },
    },
  });

describe("the first visit", () => {
  test("by five loaders at once makes one shop with one working program", async () => {
    count += 1;
    const there = shopify.shop(`life-${count}`, { currency: "JPY", timeZone: "Asia/Tokyo", name: "Tokyo" });
    const visits = await Promise.all(Array.from({ length: 5 }, () => visit(there)));
    const [first] = visits;
    if (first === undefined) throw new Error("no visit");
    for (const { shop } of visits) expect(shop).toEqual(first.shop);
    expect(first.shop).toMatchObject({
      name: "Tokyo",
      currency: "JPY",
      timezone: "Asia/Tokyo",
      plan: "growth",
      planStatus: "active",
      programVersion: 1,
    });
    const programs = await inShop(first.shopId, (tx) =>
      tx.db.program.findMany({ where: { shopId: first.shopId } }),
    );
    expect(programs.map(({ settings }) => settings)).toEqual([DEFAULT_PROGRAM]);
  });

  test("keeps the scopes that were granted", async () => {
    const { shop } = await installed();
    const row = await inShop(shop, (tx) => tx.db.shop.findUnique({ where: { id: shop } }));
    expect(row?.scopes).toBe("read_customer_merge,read_customers,read_orders,write_customers");
    expect(row?.sendsWebhooks).toBe(true);
  });

  test("of a shop below Growth starts no delivery", async () => {
    const { shop } = await installed("starter");
    const row = await inShop(shop, (tx) => tx.db.shop.findUnique({ where: { id: shop } }));
    expect(row).toMatchObject({ plan: "starter", sendsWebhooks: false });
  });
});

describe("a plan that changes", () => {
  test("below Growth pauses deliveries, tells the merchant once, and deletes nothing; above it they go on", async () => {
    const { shop } = await installed();
    await subscribe(shop, "https://example.com/hook");
    await owe(shop, 3);
    expect(await plan(shop, "CANCELLED", "Growth")).toBe(200);
    expect(await plan(shop, "CANCELLED", "Growth")).toBe(200);
    expect(await findShop(shop)).toMatchObject({ plan: "free", planStatus: "active" });
    expect(await openNotices(shop)).toEqual(["plan.below_growth"]);
    expect(await deliveries(shop)).toEqual(["pending null 3"]);
    const row = await inShop(shop, (tx) => tx.db.shop.findUnique({ where: { id: shop } }));
    expect(row?.sendsWebhooks).toBe(false);
    expect(await plan(shop, "ACTIVE", "Growth")).toBe(200);
    expect(await openNotices(shop)).toEqual([]);
    expect(await deliveries(shop)).toEqual(["pending null 3"]);
  });

  test("frozen reads as read-only and says so", async () => {
    const { shop } = await installed();
    await subscribe(shop, "https://example.com/hook");
    await plan(shop, "FROZEN", "Growth");
    expect(await findShop(shop)).toMatchObject({ plan: "growth", planStatus: "frozen" });
    expect(await openNotices(shop)).toEqual(["plan.frozen"]);
  });

  test("an old word that arrives late changes nothing", async () => {
    const { shop } = await installed("free");
    await plan(shop, "ACTIVE", "Plus", "2026-11-21T10:00:00-05:00");
    await plan(shop, "ACTIVE", "Starter", "2026-11-21T09:59:59-05:00");
    expect(await findShop(shop)).toMatchObject({ plan: "plus" });
  });

  test("is read at once when the merchant comes back from the plan page before the webhook does", async () => {
    const { there, shop } = await installed("starter");
    there.plan = "growth";
    const request = fromAdmin(shopify.idToken(there), "/app?charge_id=1");
    expect((await authenticateAdmin(request)).shop).toMatchObject({ plan: "growth" });
    await plan(shop, "CANCELLED", "Starter", "2026-01-01T00:00:00Z");
    expect(await findShop(shop)).toMatchObject({ plan: "growth" });
  });

  test("a body without a subscription is refused", async () => {
    const { shop } = await installed();
    expect(await send({ topic: "app_subscriptions/update", shop, body: { id: 1 } })).toBe(400);
  });
});

describe("details that change", () => {
  test("are kept; what is missing or cannot be stays; what is old is not taken", async () => {
    const { shop } = await installed();
    const update = (body: object, triggeredAt: string) =>
      send({ topic: "shop/update", shop, body, headers: { "X-Shopify-Triggered-At": triggeredAt } });
    const newer = {
      name: "New name",
      currency: "USD",
      iana_timezone: "America/New_York",
      primary_locale: "de",
      country_code: "US",
    };
    expect(await update(newer, "2026-11-21T10:00:00.123456789Z")).toBe(200);
    expect(await update({ ...newer, name: "Old name" }, "2026-11-21T09:00:00Z")).toBe(200);
    const odd = { name: null, currency: "dollars", iana_timezone: "Mars/Olympus", country_code: "CA" };
    expect(await update(odd, "2026-11-21T11:00:00Z")).toBe(200);
    expect(await findShop(shop)).toMatchObject({
      name: "New name",
      currency: "USD",
      timezone: "America/New_York",
      locale: "de",
      country: "CA",
    });
    expect(await update({}, "2026-11-21T12:00:00Z")).toBe(400);
  });

  test("granted scopes are kept", async () => {
    const { shop } = await installed();
    const body = { previous: [], current: ["read_orders", "read_customers"] };
    expect(await send({ topic: "app/scopes_update", shop, body })).toBe(200);
    const row = await inShop(shop, (tx) => tx.db.shop.findUnique({ where: { id: shop } }));
    expect(row?.scopes).toBe("read_customers,read_orders");
  });
});

describe("a shop that uninstalls", () => {
  const uninstall = (shop: ShopId, triggeredAt = new Date().toISOString()) =>
    send({
      topic: "app/uninstalled",
      shop,
      body: { id: 1, myshopify_domain: shop },
      headers: { "X-Shopify-Triggered-At": triggeredAt },
    });

  test("sends nothing from then on: tokens forgotten, subscriptions disabled, what was owed cancelled", async () => {
    const { shop } = await installed();
    await subscribe(shop, "https://example.com/hook");
    await owe(shop, 250);
    expect(await uninstall(shop)).toBe(200);
    expect(await uninstall(shop)).toBe(200);
    expect(await database.query("SELECT 1 FROM session WHERE shop_id = $1", [shop])).toEqual([]);
    expect(await deliveries(shop)).toEqual(["cancelled app_uninstalled 250"]);
    const subscriptions = await inShop(shop, (tx) =>
      tx.db.subscription.findMany({ where: { shopId: shop } }),
    );
    expect(subscriptions.map(({ state, disabledReason }) => [state, disabledReason])).toEqual([
      ["disabled", "app_uninstalled"],
    ]);
    const row = await inShop(shop, (tx) => tx.db.shop.findUnique({ where: { id: shop } }));
    expect(row).toMatchObject({ planStatus: "none", sendsWebhooks: false });
    expect(row?.uninstalledAt).not.toBeNull();
  });

  /** Owes the subscription one more than a batch. */
  async function oweMoreThanABatch(shop: ShopId, id: string): Promise<void> {
    await owe(shop, 1);
    await inShop(
      shop,
      (tx) => tx.db.$executeRaw`
      INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, due_at, created_at)
      SELECT new_id('dlv'), ${shop}, ${id}, (SELECT event_id FROM event WHERE shop_id = ${shop} LIMIT 1),
             'order.recorded', now(), now() FROM generate_series(1, ${CANCEL_BATCH}::int)`,
    );
  }

  test("cancels more than one batch", async () => {
    const { shop } = await installed();
    const { id } = await subscribe(shop, "https://example.com/hook");
    await oweMoreThanABatch(shop, id);
    expect(await uninstall(shop)).toBe(200);
    expect(await deliveries(shop)).toEqual([`cancelled app_uninstalled ${CANCEL_BATCH + 1}`]);
  });

  test("and comes back finds its members and program, and nothing that was disabled wakes", async () => {
    const { there, shop } = await installed();
    await subscribe(shop, "https://example.com/hook");
    await owe(shop, 2);
    const before = (await findShop(shop))?.programVersion;
    await uninstall(shop);
    const { shop: again } = await visit(there);
    expect(again).toMatchObject({
      plan: "growth",
      planStatus: "active",
      uninstalledAt: null,
      programVersion: before,
    });
    expect(await deliveries(shop)).toEqual(["cancelled app_uninstalled 2"]);
    const subscriptions = await inShop(shop, (tx) =>
      tx.db.subscription.findMany({ where: { shopId: shop } }),
    );
    expect(subscriptions.map(({ state }) => state)).toEqual(["disabled"]);
  });

  test("is not uninstalled again by the old webhook, sent once more after it came back", async () => {
    const { there, shop } = await installed();
    const then = new Date().toISOString();
    await uninstall(shop, then);
    await visit(there);
    expect(await uninstall(shop, then)).toBe(200);
    expect((await findShop(shop))?.uninstalledAt).toBeNull();
  });

  describe("while another transaction is at it", () => {
    let other: pg.Client;
    beforeEach(async () => {
      other = await aClient();
      await other.query("BEGIN");
    });
    afterEach(() => other.end());

    test("and comes back between two steps keeps what it subscribes to and is owed from then on", async () => {
      const { shop } = await installed();
      const before = await subscribe(shop, "https://example.com/before");
      await oweMoreThanABatch(shop, before.id);
      // The tokens are forgotten between the first step and the second.
      await other.query("SELECT FROM session WHERE shop_id = $1 FOR UPDATE", [shop]);
      const leaving = uninstall(shop);
      await waitsForLock("session");
      await inShop(shop, (tx) => tx.db.$executeRawUnsafe(COMES_BACK, shop));
      const after = await subscribe(shop, "https://example.com/after");
      await owe(shop, 2);
      await other.query("COMMIT");
      expect(await leaving).toBe(200);
      const [kept, pending] = await inShop(shop, async (tx) => [
        await tx.db.subscription.findUnique({ where: { id: after.id } }),
        await tx.db.delivery.count({ where: { subscriptionId: after.id, state: "pending" } }),
      ]);
      expect(kept).toMatchObject({ state: "enabled", disabledReason: null });
      expect(pending).toBe(2);
    });

    test("is not uninstalled again by the old webhook that comes while it comes back", async () => {
      const { shop } = await installed();
      const then = new Date().toISOString();
      await uninstall(shop, then);
      await other.query(COMES_BACK, [shop]);
      const again = uninstall(shop, then);
      await waitsForLock("shop");
      await other.query("COMMIT");
      expect(await again).toBe(200);
      expect((await findShop(shop))?.uninstalledAt).toBeNull();
    });
  });
});
