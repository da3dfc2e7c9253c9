// The storefront's copy of the program: written after every save, from the worker, and found again when it was lost.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { authenticateAdmin } from "../../app/admin/authenticate.server.ts";
import { saveProgramForm } from "../../app/admin/program-page.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import { mirrorProgram } from "../../app/program/mirror.server.ts";
import { doRound } from "../../app/worker/upkeep.server.ts";
import type { Shop } from "../../demo/shopify/shop.ts";
import { aShop } from "../orders/a-shop.ts";
import { fromAdmin, startNearbyShopify } from "../shopify/shopify-nearby.ts";
import type { NearbyShopify } from "../shopify/shopify-nearby.ts";
import "../support/database.ts";

const never = new AbortController().signal;
const upkeep = async () => {
  while (await doRound(never));
};

let shopify: NearbyShopify;
let there: Shop;
let shop: ShopId;
let count = 0;

beforeAll(async () => {
  shopify = await startNearbyShopify();
});
afterAll(() => shopify.close());
beforeEach(async () => {
  // What the test before left due.
  await upkeep();
  count += 1;
  there = shopify.shop(`copy-${count}`, { currency: "JPY" });
  ({ shopId: shop } = await authenticateAdmin(fromAdmin(shopify.idToken(there))));
  shopify.asked.length = 0;
});

const copies = () => [...there.metafields.values()].filter(({ key }) => key === "program");
const copy = () => JSON.parse(copies()[0]?.value ?? "null") as unknown;

test("a new shop's program is at Shopify as soon as the worker comes by", async () => {
  expect(copies()).toEqual([]);
  await upkeep();
  expect(copies()).toMatchObject([
    { ownerId: `gid://shopify/Shop/${there.id}`, namespace: "$app", key: "program", type: "json" },
  ]);
  expect(copy()).toEqual({
    version: 1,
    currency: "JPY",
    points_per_unit: "1",
    tiers: [
      { name: "Member", threshold: 0, multiplier: "1" },
      { name: "Silver", threshold: 500, multiplier: "1.25" },
      { name: "Gold", threshold: 1500, multiplier: "1.5" },
    ],
  });
});

test("a save is copied once, and the worker asks nothing more until the next", async () => {
  await upkeep();
  shopify.asked.length = 0;
  await upkeep();
  expect(shopify.asked).toEqual([]);
  const settings = { ...DEFAULT_PROGRAM, pointsPerUnit: "2.5" };
  const body = JSON.stringify({ settings, basedOn: 1 });
  const request = new Request("http://localhost/app/program", { method: "POST", body });
  expect(await saveProgramForm(shop, request, "ada")).toMatchObject({ ok: true });
  await upkeep();
  expect(shopify.asked).toEqual(["graphql", "graphql"]);
  expect(copy()).toMatchObject({ version: 2, points_per_unit: "2.5" });
});

test("a copy in step is only read; one that was lost is written again", async () => {
  await mirrorProgram(shop);
  shopify.asked.length = 0;
  expect(await mirrorProgram(shop)).toEqual({ after: null, found: 0 });
  expect(shopify.asked).toEqual(["graphql"]);
  there.metafields.clear();
  expect(await mirrorProgram(shop)).toEqual({ after: null, found: 1 });
  expect(copy()).toMatchObject({ version: 1 });
});

test("while Shopify fails it stays due; a shop without a token is passed over", async () => {
  shopify.failNext([400]);
  await upkeep();
  expect(copies()).toEqual([]);
  await expect(mirrorProgram(shop)).resolves.toMatchObject({ found: 1 });
  expect(await mirrorProgram(await aShop())).toEqual({ after: null, found: 0 });
});
