// What the app answers to webhooks, right and wrong ones, on its own routes.
import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { env } from "../../app/platform/env.server.ts";
import { registry } from "../../app/platform/metrics.server.ts";
import { BODY_BYTES_MAX } from "../../app/shopify/inbound.server.ts";
import { COMPLIANCE_TOPICS, TOPICS } from "../../app/shopify/topics.ts";
import { aShop, memberOf } from "../orders/a-shop.ts";
import { orderBody } from "../orders/order-body.ts";
import { stopClock } from "../support/clock.ts";
import { testDatabase } from "../support/database.ts";
import { bytesOf, handOver, hmac, requestOf, send } from "./send.ts";

const database = testDatabase();
const realFetch = globalThis.fetch;
let shop: ShopId;

beforeAll(async () => {
  shop = await aShop();
});
// Nothing on this path may leave the machine.
beforeEach(() => {
  globalThis.fetch = () => Promise.reject(new Error("a webhook made a network call"));
});
afterEach(() => {
  globalThis.fetch = realFetch;
});

const paid = (words: Parameters<typeof orderBody>[0] = {}) => ({
  topic: "orders/paid" as const,
  shop,
  body: orderBody(words),
});
const orders = async (where = "true") => {
  await database.query("SELECT 1");
  const rows = await database.query<{ n: string }>(
    `SELECT (SELECT count(*) FROM set_config('laurel.shop_id', '*', false), "order" WHERE ${where}) AS n`,
  );
  return Number(rows[0]?.n);
};

describe("an order that Shopify signed", () => {
  test("is answered 200, without a network call, and has earned by then", async () => {
    expect(await send(paid({ id: "7001", customer: { id: "81" } }))).toBe(200);
    expect((await memberOf(shop, "81"))?.balance).toBeGreaterThan(0);
  });

  test("changes nothing the second time, nor under the same id with another body", async () => {
    const webhookId = "c6d1-again";
    const sent = { ...paid({ id: "7002", customer: { id: "82" } }), webhookId };
    expect(await send(sent)).toBe(200);
    const first = await memberOf(shop, "82");
    expect(await send(sent)).toBe(200);
    expect(await send({ ...paid({ id: "7003", customer: { id: "82" } }), webhookId })).toBe(200);
    expect(await memberOf(shop, "82")).toEqual(first);
    expect(await orders("order_id = '7003'")).toBe(0);
  });

  test("keeps every digit of an id beyond 2^53", async () => {
    const body = JSON.stringify(orderBody({ id: "7004", customer: { id: "83" } }))
      .replaceAll('"7004"', "820982911946154508")
      .replaceAll("Order/7004", "Order/820982911946154508");
    expect(await send({ ...paid(), body })).toBe(200);
    expect(await orders("order_id = '820982911946154508'")).toBe(1);
  });

  test("of a shop that is not known is answered 200, and nothing is kept", async () => {
    const before = await orders();
    expect(await send({ ...paid({ id: "7005" }), shop: "never-installed.myshopify.com" })).toBe(200);
    expect(await orders()).toBe(before);
  });

  test("is counted by topic and answer", async () => {
    const metrics = await registry.metrics();
    expect(metrics).toMatch(/laurel_webhooks_in_total\{topic="orders\/paid",status="200"\} \d+/);
  });
});

describe("every topic", () => {
  test.each([...TOPICS, ...COMPLIANCE_TOPICS])(
    "%s refuses another method, a forged body and no header",
    async (topic) => {
      const sending = { topic, shop, body: { id: 1 } };
      expect(await send({ ...sending, method: "GET" })).toBe(405);
      expect(await send({ ...sending, method: "PUT" })).toBe(405);
      expect(await send({ ...sending, secret: "another app's secret" })).toBe(401);
      expect(await send({ ...sending, headers: { "X-Shopify-Hmac-Sha256": null } })).toBe(400);
    },
  );

  test.each([...TOPICS, ...COMPLIANCE_TOPICS])("%s of an unknown shop is answered 200", async (topic) => {
    const body = {
      ...orderBody({ id: "9100" }),
      order_id: 9100,
      admin_graphql_api_id: undefined,
      admin_graphql_api_customer_kept_id: "gid://shopify/Customer/1",
      admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2",
      app_subscription: { status: "ACTIVE", name: "Growth" },
      current: ["read_orders"],
      customer: { id: 1, email: "a@example.com" },
      shop_domain: "never-installed.myshopify.com",
    };
    expect(await send({ topic, shop: "never-installed.myshopify.com", body })).toBe(200);
  });
});

describe("a webhook is refused", () => {
  test.each(["Topic", "Hmac-Sha256", "Shop-Domain", "API-Version", "Webhook-Id"])(
    "with 400 when X-Shopify-%s is missing or empty",
    async (name) => {
      expect(await send({ ...paid(), headers: { [`X-Shopify-${name}`]: null } })).toBe(400);
      expect(await send({ ...paid(), headers: { [`X-Shopify-${name}`]: " " } })).toBe(400);
    },
  );

  test("with 400 when its topic is another route's", async () => {
    expect(await send({ ...paid(), headers: { "X-Shopify-Topic": "shop/redact" } })).toBe(400);
  });

  test.each(["evil.example", "a.myshopify.com.evil.example", "../x.myshopify.com", "-.myshopify.com"])(
    "with 400 when its shop is no shop: %s",
    async (domain) => {
      expect(await send({ ...paid(), shop: domain })).toBe(400);
    },
  );

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "with 415 when it is not JSON: %s",
    async (type) => {
      expect(await send({ ...paid(), headers: { "Content-Type": type } })).toBe(415);
    },
  );

  test("but not for naming the charset", async () => {
    const headers = { "Content-Type": "Application/JSON; charset=UTF-8" };
    expect(await send({ ...paid({ id: "7010" }), headers })).toBe(200);
  });

  test.each([
    ["no JSON", "{"],
    ["nothing", ""],
    ["a list", "[]"],
    ["a number", "1"],
    ["null", "null"],
    ["nested beyond reason", `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
    ["invalid UTF-8", new Uint8Array([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ["an order without an id", "{}"],
  ])("with 400 when its body is %s", async (_what, body) => {
    expect(await send({ ...paid(), body })).toBe(400);
  });

  test("never for one odd field of an order that has its id", async () => {
    const odd = {
      ...orderBody({ id: "7011" }),
      line_items: "none",
      currency: 7,
      total_price: -1,
      customer: [],
    };
    expect(await send({ ...paid(), body: odd })).toBe(200);
  });

  test("takes the last of a repeated key, as everywhere", async () => {
    const body = JSON.stringify(orderBody({ id: "7012" })).replace(
      "{",
      '{"id":1,"admin_graphql_api_id":"x",',
    );
    expect(await send({ ...paid(), body })).toBe(200);
    expect(await orders("order_id = '7012'")).toBe(1);
  });
});

describe("a body of any length", () => {
  const long = new Uint8Array(10 * 1024 * 1024).fill(0x20);

  test("of ten megabytes is refused with 413 by its header, unread", async () => {
    const request = requestOf({ ...paid(), body: long, headers: { "Content-Length": String(long.length) } });
    expect((await handOver("orders/paid", request)).status).toBe(413);
    expect(request.bodyUsed).toBe(false);
  });

  const streamed = (body: ReadableStream<Uint8Array>) => {
    const { headers } = requestOf(paid());
    const init = { method: "POST", headers, body, duplex: "half" } as RequestInit;
    return handOver("orders/paid", new Request("http://localhost:3000/webhooks/orders/paid", init));
  };

  test("that does not say so is heard out and refused", async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < 10; at += 1) controller.enqueue(long.subarray(at << 20, (at + 1) << 20));
        controller.close();
      },
    });
    expect((await streamed(body)).status).toBe(413);
  });

  test("without an end is refused too, and given up after four times the bound", async () => {
    let pulled = 0;
    const chunk = new Uint8Array(64 * 1024);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += chunk.length;
        controller.enqueue(chunk);
      },
    });
    expect((await streamed(body)).status).toBe(413);
    expect(pulled).toBeLessThan(4 * BODY_BYTES_MAX + 4 * chunk.length);
  });

  test("just within the bound is read", async () => {
    const body = JSON.stringify({ ...orderBody({ id: "7020" }), note: "x".repeat(BODY_BYTES_MAX - 20_000) });
    expect(await send({ ...paid(), body })).toBe(200);
  });
});

describe("a signature", () => {
  test("covers every byte: whichever is changed, added or taken away, the answer is 401", async () => {
    const good = bytesOf(orderBody({ id: "7030" }));
    const signature = hmac(good);
    const tampered = fc.oneof(
      fc.record({ at: fc.nat(good.length - 1), bit: fc.nat(7) }).map(({ at, bit }) => {
        const bytes = new Uint8Array(good);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
        return bytes;
      }),
      fc.nat(good.length - 1).map((at) => good.slice(0, at)),
      fc.uint8Array({ minLength: 1, maxLength: 9 }).map((more) => new Uint8Array([...good, ...more])),
    );
    await fc.assert(
      fc.asyncProperty(tampered, async (body) => {
        const headers = { "X-Shopify-Hmac-Sha256": signature };
        expect(await send({ ...paid(), body, headers })).toBe(401);
      }),
      { numRuns: 150 },
    );
    expect(await orders("order_id = '7030'")).toBe(0);
  });

  test("in another spelling is wrong", async () => {
    const right = hmac(bytesOf(paid().body));
    const url = right.replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
    for (const spelling of [
      right.slice(0, -1),
      `${right}=`,
      `!${right}`,
      url,
      right.toLowerCase(),
      "=",
      "ä".repeat(44),
    ])
      if (spelling !== right)
        expect(await send({ ...paid(), headers: { "X-Shopify-Hmac-Sha256": encodeURI(spelling) } })).toBe(
          401,
        );
  });

  test("is checked before the body is parsed", async () => {
    expect(await send({ ...paid(), body: randomBytes(64), secret: "wrong" })).toBe(401);
  });
});

describe("after the app's client secret was replaced", () => {
  const previous = "shpss_the_secret_before";
  const rotatedAt = "2026-11-21T12:00:00Z";
  const original = { ...env() };
  beforeEach(() => {
    Object.assign(env(), { SHOPIFY_API_SECRET_PREVIOUS: previous, SHOPIFY_API_SECRET_ROTATED_AT: rotatedAt });
  });
  afterEach(() => {
    Reflect.deleteProperty(env(), "SHOPIFY_API_SECRET_PREVIOUS");
    Reflect.deleteProperty(env(), "SHOPIFY_API_SECRET_ROTATED_AT");
    Object.assign(env(), original);
  });

  test.each([
    ["at once", "2026-11-21T12:00:00Z", 200],
    ["59 minutes later", "2026-11-21T12:59:59Z", 200],
    ["an hour later no longer", "2026-11-21T13:00:00Z", 401],
    ["nor long before, where the time was set wrong", "2026-11-21T11:00:00Z", 401],
  ])("the one before signs still, %s", async (_when, at, status) => {
    stopClock(at);
    expect(await send({ ...paid({ id: "7040" }), secret: previous })).toBe(status);
    expect(await send(paid({ id: "7040" }))).toBe(200);
  });
});
