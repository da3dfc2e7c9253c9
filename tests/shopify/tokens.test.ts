// Tokens: exchanged at the first visit, sealed in the database, refreshed once however many ask.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { authenticateAdmin } from "../../app/admin/authenticate.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { adminFor } from "../../app/shopify/admin.server.ts";
import { freshSession } from "../../app/shopify/fresh-session.server.ts";
import { sessions } from "../../app/shopify/sessions.server.ts";
import { SHOP_DETAILS, installationFrom } from "../../app/shopify/shop-details.ts";
import { testDatabase } from "../support/database.ts";
import { fromAdmin, startNearbyShopify } from "./shopify-nearby.ts";
import type { NearbyShopify } from "./shopify-nearby.ts";

const database = testDatabase();
let shopify: NearbyShopify;
let count = 0;

beforeAll(async () => {
  shopify = await startNearbyShopify();
});
afterAll(() => shopify.close());
beforeEach(() => {
  shopify.asked.length = 0;
  shopify.lateMs = 0;
});

async function visited(): Promise<ShopId> {
  count += 1;
  const shop = shopify.shop(`tokens-${count}`);
  const { shopId } = await authenticateAdmin(fromAdmin(shopify.idToken(shop)));
  shopify.asked.length = 0;
  return shopId;
}
const endsIn = (shop: ShopId, minutes: number) =>
  database.query("UPDATE session SET expires = now() + $2 * interval '1 minute' WHERE shop_id = $1", [
    shop,
    minutes,
  ]);
const rowOf = async (shop: ShopId) => {
  const [row] = await database.query<{
    id: string;
    access_token: string;
    refresh_token: string;
    is_online: boolean;
  }>("SELECT * FROM session WHERE shop_id = $1", [shop]);
  return row;
};

describe("at the first visit", () => {
  test("an offline token is exchanged and kept sealed, with nothing of a person", async () => {
    const shop = await visited();
    const row = await rowOf(shop);
    expect(row).toMatchObject({
      id: `offline_${shop}`,
      is_online: false,
      email: null,
      user_id: null,
      first_name: null,
    });
    expect(row?.access_token).toMatch(/^v1:test:/);
    expect(row?.refresh_token).toMatch(/^v1:test:/);
    expect((await sessions.loadSession(`offline_${shop}`))?.accessToken).toMatch(/^shpat_/);
  });

  test("a later one asks Shopify for nothing", async () => {
    const shop = await visited();
    const again = shopify.shop(shop.split(".")[0] ?? "");
    await authenticateAdmin(fromAdmin(shopify.idToken(again)));
    expect(shopify.asked).toEqual([]);
  });

  test("without an id token leads to the login page; with a forged one, to a request to try again", async () => {
    const none: unknown = await authenticateAdmin(fromAdmin(null)).catch((answer: unknown) => answer);
    expect(none).toMatchObject({ status: 302 });
    const forged: unknown = await authenticateAdmin(fromAdmin("a.b.c")).catch((answer: unknown) => answer);
    expect(forged).toMatchObject({ status: 401 });
    expect((forged as Response).headers.get("X-Shopify-Retry-Invalid-Session-Request")).toBe("1");
  });
});

describe("a token that is about to end", () => {
  test("is refreshed once for twenty who ask at the same time", async () => {
    const shop = await visited();
    await endsIn(shop, 3);
    const before = await rowOf(shop);
    shopify.lateMs = 300;
    const tokens = await Promise.all(
      Array.from({ length: 20 }, async () => (await freshSession(shop))?.accessToken),
    );
    expect(shopify.asked).toEqual(["refresh"]);
    expect(new Set(tokens).size).toBe(1);
    const after = await rowOf(shop);
    expect(after?.access_token).not.toBe(before?.access_token);
    expect(after?.refresh_token).not.toBe(before?.refresh_token);
  });

  test("waits for another process that holds the lease, and takes over when that one has died", async () => {
    const shop = await visited();
    await endsIn(shop, 3);
    const begun = performance.now();
    await database.query(
      "UPDATE session SET refreshing_until = now() + interval '400 ms' WHERE shop_id = $1",
      [shop],
    );
    expect((await freshSession(shop))?.accessToken).toBeDefined();
    expect(performance.now() - begun).toBeGreaterThan(300);
    expect(shopify.asked).toEqual(["refresh"]);
  });

  test("is not refreshed while it lasts longer than five minutes", async () => {
    const shop = await visited();
    await endsIn(shop, 6);
    await freshSession(shop);
    expect(shopify.asked).toEqual([]);
  });

  test("that cannot be refreshed any more leaves the shop without one, until its merchant comes", async () => {
    const shop = await visited();
    await endsIn(shop, -1);
    await database.query("UPDATE session SET refresh_token_expires = now() WHERE shop_id = $1", [shop]);
    expect(await adminFor(shop)).toBeNull();
    expect(await adminFor("nobody-here.myshopify.com" as ShopId)).toBeNull();
  });

  test("loses against a younger one that was exchanged meanwhile", async () => {
    const shop = await visited();
    const old = await sessions.loadSession(`offline_${shop}`);
    if (old === undefined) throw new Error("no session");
    old.expires = new Date(Date.now() - 60_000);
    old.accessToken = "shpat_older";
    await sessions.storeSession(old);
    expect((await sessions.loadSession(`offline_${shop}`))?.accessToken).not.toBe("shpat_older");
  });

  test("moved to another shop's row does not open", async () => {
    const [one, other] = [await visited(), await visited()];
    await database.query(
      "UPDATE session SET access_token = (SELECT access_token FROM session WHERE shop_id = $1) WHERE shop_id = $2",
      [one, other],
    );
    expect((await sessions.loadSession(`offline_${other}`))?.accessToken).toBeUndefined();
  });
});

describe("the worker's calls", () => {
  const details = async (shop: ShopId) =>
    installationFrom(await (await adminFor(shop))?.graphql(SHOP_DETAILS));

  test("are answered", async () => {
    const shop = await visited();
    expect((await details(shop)).details.currency).toBe("USD");
  });

  test("wait as long as Shopify says when it throttles, and are repeated when it fails", async () => {
    const shop = await visited();
    shopify.throttleNext(2);
    shopify.failNext([503]);
    expect((await details(shop)).subscriptions).toHaveLength(1);
    expect(shopify.asked).toEqual(["graphql", "graphql", "graphql", "graphql"]);
  });

  test("take a token out of use that Shopify refuses, and go on with the next", async () => {
    const shop = await visited();
    shopify.failNext([401]);
    expect((await details(shop)).scopes).toContain("read_orders");
    expect(shopify.asked).toEqual(["graphql", "refresh", "graphql"]);
  });

  test("end when Shopify says no, without asking again", async () => {
    const shop = await visited();
    const admin = await adminFor(shop);
    await expect(admin?.graphql("#graphql\n query { shop { secrets } }")).rejects.toThrow("doesn't exist");
    expect(shopify.asked).toEqual(["graphql"]);
  });
});
