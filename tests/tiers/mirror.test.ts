// The storefront's copy of a member, kept in step from the worker: after a commit, never on an order's path.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { authenticateAdmin } from "../../app/admin/authenticate.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { applyPolicy } from "../../app/tiers/apply-policy.server.ts";
import { mirrorBehind } from "../../app/tiers/mirror.server.ts";
import type { Shop } from "../../demo/shopify/shop.ts";
import { sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { fromAdmin, startNearbyShopify } from "../shopify/shopify-nearby.ts";
import type { NearbyShopify } from "../shopify/shopify-nearby.ts";

let shopify: NearbyShopify;
let shop: Shop;
let shopId: ShopId;

beforeAll(async () => {
  shopify = await startNearbyShopify();
});
afterAll(() => shopify.close());
let count = 0;
beforeEach(async () => {
  count += 1;
  shop = shopify.shop(`mirror-${count}`, { currency: "USD" });
  ({ shopId } = await authenticateAdmin(fromAdmin(shopify.idToken(shop))));
  shopify.asked.length = 0;
});

const copies = () =>
  Object.fromEntries(
    [...shop.metafields.values()].map(({ key, value }) => [key, JSON.parse(value) as unknown]),
  );
const firstCustomer = () => {
  const [customer] = shop.customers.values();
  if (customer === undefined) throw new Error("no customer");
  return customer;
};

const paid = (id: string, price: string) =>
  sendOrder(shopId, { id, customer: { id: firstCustomer().id.toString() }, lines: [{ price }] });

test("points and tier reach the customer's metafields, and many changes are one copy of the newest", async () => {
  await paid("1", "300.00");
  await paid("2", "250.00");
  expect(shopify.asked).toEqual([]);
  expect(await mirrorBehind()).toBe(1);
  expect(shopify.asked).toEqual(["graphql"]);
  expect(copies()).toMatchObject({ points: 550, loyalty: { points: 550 } });
  expect(JSON.stringify(copies())).toContain("Silver");
  expect(await mirrorBehind()).toBe(0);
});

test("what Shopify did not take is tried again later, and nothing is lost", async () => {
  await paid("3", "40.00");
  shopify.failNext([400]);
  await mirrorBehind();
  expect(copies()).toEqual({});
  expect(await mirrorBehind()).toBe(0);
  // The wait is by the database's clock; here it is over at once.
  await inShop(shopId, (tx) => tx.db.member.updateMany({ where: { shopId }, data: { mirrorAfter: null } }));
  await mirrorBehind();
  expect(copies()["points"]).toBe(40);
});

test("a changed program reaches every member's copy", async () => {
  await paid("4", "10.00");
  await mirrorBehind();
  shopify.asked.length = 0;
  await applyPolicy(shopId);
  expect(await mirrorBehind()).toBe(1);
  expect(shopify.asked).toEqual(["graphql"]);
});
