// The plan as Shopify has it, asked every night: a webhook that was lost is made good, one that came is not undone.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { authenticateAdmin } from "../../app/admin/authenticate.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { summon } from "../../app/platform/upkeep.server.ts";
import { checkPlan } from "../../app/shops/check-plan.server.ts";
import { openNotices } from "../../app/shops/notices.server.ts";
import { findShop } from "../../app/shops/queries.server.ts";
import { doRound } from "../../app/worker/upkeep.server.ts";
import type { Shop } from "../../demo/shopify/shop.ts";
import { send } from "../shopify/send.ts";
import { fromAdmin, startNearbyShopify } from "../shopify/shopify-nearby.ts";
import type { NearbyShopify } from "../shopify/shopify-nearby.ts";
import { aShop } from "../orders/a-shop.ts";
import { subscribe } from "../webhooks/shop-with-endpoint.ts";
import "../support/database.ts";

let shopify: NearbyShopify;
let there: Shop;
let shop: ShopId;
let count = 0;

beforeAll(async () => {
  shopify = await startNearbyShopify();
});
afterAll(() => shopify.close());
beforeEach(async () => {
  count += 1;
  there = shopify.shop(`plan-${count}`, { plan: "growth" });
  ({ shopId: shop } = await authenticateAdmin(fromAdmin(shopify.idToken(there))));
  shopify.asked.length = 0;
  shopify.lateMs = 0;
});

const UNCHANGED = { after: null, found: 0 };
const HEALED = { after: null, found: 1 };

test.each([
  ["cancelled", { plan: "free", planStatus: "active" }, "plan.below_growth"],
  ["frozen", { plan: "growth", planStatus: "frozen" }, "plan.frozen"],
  ["starter", { plan: "starter", planStatus: "active" }, "plan.below_growth"],
] as const)(
  "where the webhook was lost, %s is found, deliveries wait, and the merchant is told",
  async (...row) => {
    const [plan, standing, notice] = row;
    await subscribe(shop, "https://example.com/hook");
    there.plan = plan;
    expect(await checkPlan(shop)).toEqual(HEALED);
    expect(await findShop(shop)).toMatchObject({ ...standing, sendsWebhooks: false });
    expect((await inShop(shop, openNotices)).map(({ kind }) => kind)).toEqual([notice]);
    expect(await checkPlan(shop)).toEqual(UNCHANGED);
    there.plan = "plus";
    expect(await checkPlan(shop)).toEqual(HEALED);
    expect(await findShop(shop)).toMatchObject({ plan: "plus", sendsWebhooks: true });
    expect(await inShop(shop, openNotices)).toEqual([]);
  },
);

test("one question a night, and an old word that arrives after it changes nothing", async () => {
  expect(await checkPlan(shop)).toEqual(UNCHANGED);
  expect(shopify.asked).toEqual(["graphql"]);
  const subscription = { admin_graphql_api_id: "gid://shopify/AppSubscription/7", name: "Growth" };
  const body = {
    app_subscription: { ...subscription, status: "CANCELLED", updated_at: "2026-01-01T00:00:00Z" },
  };
  expect(await send({ topic: "app_subscriptions/update", shop, body })).toBe(200);
  expect(await findShop(shop)).toMatchObject({ plan: "growth" });
});

test("a webhook that comes while Shopify is asked is newer than the answer", async () => {
  shopify.lateMs = 500;
  const checking = checkPlan(shop);
  await vi.waitUntil(() => shopify.asked.includes("graphql"), { timeout: 10_000 });
  const subscription = { admin_graphql_api_id: "gid://shopify/AppSubscription/7", name: "Plus" };
  const updated_at = new Date().toISOString().replace(/\.\d+Z/, "Z");
  const body = { app_subscription: { ...subscription, status: "ACTIVE", updated_at } };
  expect(await send({ topic: "app_subscriptions/update", shop, body })).toBe(200);
  expect(await checking).toEqual(UNCHANGED);
  expect(await findShop(shop)).toMatchObject({ plan: "plus" });
});

test("a shop without a token is passed over; one that Shopify fails for is asked again when its lease is over", async () => {
  expect(await checkPlan(await aShop())).toEqual(UNCHANGED);
  const round = () =>
    inShop(shop, (tx) => tx.db.upkeep.findFirst({ where: { shopId: shop, chore: "plan" } }));
  const never = new AbortController().signal;
  // What else is due here, first.
  while (await doRound(never));
  await inShop(shop, (tx) => summon(tx, "plan"));
  there.plan = "starter";
  shopify.failNext([400]);
  while (await doRound(never));
  expect(await round()).toMatchObject({ endedAt: null });
  await inShop(shop, (tx) =>
    tx.db.upkeep.updateMany({ where: { shopId: shop }, data: { leasedUntil: null } }),
  );
  while (await doRound(never));
  expect(await round()).toMatchObject({ lastFound: 1, leasedUntil: null });
  expect(await findShop(shop)).toMatchObject({ plan: "starter" });
});
