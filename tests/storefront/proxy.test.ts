// The app proxy: only what Shopify signed is answered, and only with the account of who is signed in.
import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { env } from "../../app/platform/env.server.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { loader } from "../../app/routes/proxy.member.ts";
import { VISITS_MAX } from "../../app/shopify/proxy-pace.ts";
import { PROXY_AGE_MAX_MS } from "../../app/shopify/proxy.server.ts";
import { proxySignature, signedProxyQuery } from "../../demo/shopify/proxy-signature.ts";
import { aShop, sendOrder } from "../orders/a-shop.ts";
import { testDatabase } from "../support/database.ts";

testDatabase();
const ALICE = "7001";

const address = (
  shop: string,
  customerId: string,
  visitor = "",
  more: { secret?: string; ageMs?: number } = {},
) =>
  signedProxyQuery(
    new URLSearchParams(visitor),
    {
      shop,
      customerId,
      pathPrefix: "/apps/laurel",
      seconds: Math.floor((now().getTime() - (more.ageMs ?? 0)) / 1000),
    },
    more.secret ?? env().SHOPIFY_API_SECRET,
  );
const ask = async (query: URLSearchParams | string) => {
  const request = new Request(`http://localhost/proxy/member?${query.toString()}`);
  const answer = await loader({ request, params: {}, context: {} });
  return { status: answer.status, body: (await answer.json()) as unknown, headers: answer.headers };
};
async function shopWithMembers(): Promise<ShopId> {
  const shop = await aShop();
  await inShop(shop, async (tx) => {
    for (const [id, customerId, balance] of [
      ["a", ALICE, 380],
      ["b", "7002", 999],
    ] as const)
      await tx.db.member.create({
        data: {
          id: `${shop}-${id}`,
          shopId: shop,
          customerId,
          balance,
          lifetimePoints: balance,
          tierId: "member",
          joinedAt: now(),
          lastActivityAt: now(),
        },
      });
  });
  return shop;
}

test("a customer sees points, tier and what is missing, kept for seconds by their browser only", async () => {
  const shop = await shopWithMembers();
  const { status, body, headers } = await ask(address(shop, ALICE));
  expect(status).toBe(200);
  expect(body).toEqual({
    member: {
      points: 380,
      pending: 0,
      tier: { name: "Member" },
      next_tier: { name: "Silver" },
      points_to_next: 120,
    },
  });
  expect(headers.get("Cache-Control")).toMatch(/^private, max-age=\d$/);
});

test("nobody and a customer who is no member have no account", async () => {
  const shop = await shopWithMembers();
  expect((await ask(address(shop, ""))).body).toEqual({ member: null });
  expect((await ask(address(shop, "7999"))).body).toEqual({ member: null });
});

test("what a visitor adds to the address changes nothing of whose account it is", async () => {
  const shop = await shopWithMembers();
  const query = address(shop, ALICE, "customer_id=7002&a=1&a=2&id=7002&b=%C3%A4%20%2B");
  expect((await ask(query)).body).toMatchObject({ member: { points: 380 } });
});

test("an address of Shopify's admin, signed with the same key, does not pass for a storefront's", async () => {
  const shop = await shopWithMembers();
  const seconds = Math.floor(now().getTime() / 1000);
  const ofAdmin = `a=1&embedded=1&logged_in_customer_id=${ALICE}shop=${shop}timestamp=${seconds}`;
  const query = new URLSearchParams();
  for (const [name, value] of [
    ["a", "1&embedded=1&"],
    ["logged_in_customer_id", ALICE],
    ["shop", shop],
    ["timestamp", String(seconds)],
  ] as const)
    query.set(name, value);
  query.set("signature", createHmac("sha256", env().SHOPIFY_API_SECRET).update(ofAdmin).digest("hex"));
  expect((await ask(query)).status).toBe(401);
});

test("every tampered parameter is refused", async () => {
  const shop = await shopWithMembers();
  const tampered: ((query: URLSearchParams) => void)[] = [
    (query) => query.set("logged_in_customer_id", "7002"),
    (query) => query.append("logged_in_customer_id", "7002"),
    (query) => query.delete("logged_in_customer_id"),
    (query) => query.set("shop", "other.myshopify.com"),
    (query) => query.set("timestamp", String(Number(query.get("timestamp")) + 1)),
    (query) => query.set("path_prefix", "/apps/other"),
    (query) => query.append("extra", "1"),
    (query) => query.delete("signature"),
    (query) => query.set("signature", ""),
    (query) => query.set("signature", (query.get("signature") ?? "").toUpperCase()),
    (query) => query.append("signature", query.get("signature") ?? ""),
  ];
  for (const tamper of tampered) {
    const query = address(shop, ALICE);
    tamper(query);
    expect((await ask(query)).status, String(tampered.indexOf(tamper))).toBe(401);
  }
  expect((await ask("")).status).toBe(401);
});

test("a name that comes twice is refused even when it is signed", async () => {
  const shop = await shopWithMembers();
  const query = address(shop, ALICE);
  query.append("logged_in_customer_id", "7002");
  query.set("signature", proxySignature(query, env().SHOPIFY_API_SECRET));
  expect((await ask(query)).status).toBe(401);
});

test("an old address, one of the future and another app's are refused", async () => {
  const shop = await shopWithMembers();
  const late = PROXY_AGE_MAX_MS + 2_000;
  expect((await ask(address(shop, ALICE, "", { ageMs: late }))).status).toBe(401);
  expect((await ask(address(shop, ALICE, "", { ageMs: -late }))).status).toBe(401);
  expect((await ask(address(shop, ALICE, "", { ageMs: late - 10_000 }))).status).toBe(200);
  expect((await ask(address(shop, ALICE, "", { secret: "another secret" }))).status).toBe(401);
});

test("the previous client secret counts for an hour after its rotation", async () => {
  const shop = await shopWithMembers();
  const settings = env();
  const query = address(shop, ALICE, "", { secret: "the-secret-before-this-one" });
  const rotated = (minutes: number) =>
    Object.assign(settings, {
      SHOPIFY_API_SECRET_PREVIOUS: "the-secret-before-this-one",
      SHOPIFY_API_SECRET_ROTATED_AT: new Date(now().getTime() - minutes * 60_000).toISOString(),
    });
  rotated(59);
  expect((await ask(query)).status).toBe(200);
  rotated(61);
  expect((await ask(query)).status).toBe(401);
});

test("a shop without Laurel is told so", async () => {
  expect(await ask(address("nobody-here.myshopify.com", ALICE))).toMatchObject({
    status: 404,
    body: { error: "shop_unknown" },
  });
});

test("a customer who asks without pause is slowed down, and nobody else is", async () => {
  const shop = await shopWithMembers();
  const answers = [];
  for (let n = 0; n < VISITS_MAX * 2 + 1; n += 1) answers.push((await ask(address(shop, ALICE))).status);
  expect(answers).toContain(429);
  expect((await ask(address(shop, "7002"))).status).toBe(200);
});

test("an order that was paid is in the next answer", async () => {
  const shop = await aShop();
  await sendOrder(shop);
  const members = await inShop(shop, (tx) => tx.db.member.findMany({ where: { shopId: shop } }));
  const customer = members[0]?.customerId ?? "";
  const { body } = await ask(address(shop, customer));
  expect(body).toMatchObject({ member: { points: members[0]?.balance } });
  expect(members[0]?.balance).toBeGreaterThan(0);
});
