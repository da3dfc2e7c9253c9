// How the stand-in sends webhooks: signed, eight times more, the same bytes, at least once and in no promised order.
import { afterEach, describe, expect, test } from "vitest";
import {
  openWebhookSender,
  RETRY_WAITS_S,
  webhookHmac,
  type WebhookSender,
} from "../../demo/shopify/webhook-sender.ts";
import { startReceiver, type Receiver } from "../support/receiver.ts";

const SECRET = "hush";
const SHOP = "quiet-garden.myshopify.com";
const TOPICS = [
  { topic: "orders/paid", uri: "/webhooks/orders/paid", includeFields: undefined },
  { topic: "orders/updated", uri: "/webhooks/orders/updated", includeFields: ["id", "updated_at"] },
];

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((sender) => sender.close()));
});
const appThatListens = async (): Promise<Receiver> => {
  const app = await startReceiver();
  open.push(app);
  return app;
};
const senderTo = (appUrl: string, haste = 1_000_000): WebhookSender => {
  const sender = openWebhookSender({
    appUrl,
    apiSecret: SECRET,
    apiVersion: "2026-10",
    topics: TOPICS,
    haste,
  });
  open.push(sender);
  return sender;
};

describe("a webhook", () => {
  test("is signed with base64 of HMAC-SHA256 over the raw body (a known answer, made with openssl)", () => {
    expect(webhookHmac('{"id":820982911946154508}', "hush")).toBe(
      "qBvrsZF7RfB1iS6BX6IHqJTp5L911P7intnPeTPsH0I=",
    );
  });

  test("carries every header that Shopify sends, and the body as it was signed", async () => {
    const app = await appThatListens();
    const sender = senderTo(app.url);
    sender.send(SHOP, [{ topic: "orders/paid", body: { id: 820_982_911_946_154_508n, note: "für €" } }]);
    await sender.settled();
    const [got] = app.received;
    expect(got?.path).toBe("/webhooks/orders/paid");
    expect(got?.body.toString()).toBe('{"id":820982911946154508,"note":"für €"}');
    expect(got?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": "Shopify-Captain-Hook",
      "x-shopify-topic": "orders/paid",
      "x-shopify-shop-domain": SHOP,
      "x-shopify-api-version": "2026-10",
      "x-shopify-hmac-sha256": webhookHmac(got?.body.toString() ?? "", SECRET),
    });
    expect(got?.headers["x-shopify-webhook-id"]).toMatch(/^[0-9a-f-]{36}$/);
    expect(got?.headers["x-shopify-triggered-at"]).toMatch(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{9}Z$/);
  });

  test("goes only to the topics that the app subscribes to, with only the fields that it asked for", async () => {
    const app = await appThatListens();
    const sender = senderTo(app.url);
    const sent = sender.send(SHOP, [
      { topic: "orders/create", body: { id: 1n } },
      { topic: "orders/updated", body: { id: 1n, updated_at: "now", note: "left out" } },
    ]);
    await sender.settled();
    expect(sent.map(({ topic }) => topic)).toEqual(["orders/updated"]);
    expect(app.received.map(({ body }) => body.toString())).toEqual(['{"id":1,"updated_at":"now"}']);
  });

  test("of one action of the merchant shares its event id with the others, never its webhook id", async () => {
    const app = await appThatListens();
    const sender = senderTo(app.url);
    const sent = sender.send(SHOP, [
      { topic: "orders/paid", body: { id: 1n } },
      { topic: "orders/updated", body: { id: 1n } },
    ]);
    await sender.settled();
    expect(new Set(sent.map(({ eventId }) => eventId)).size).toBe(1);
    expect(new Set(sent.map(({ webhookId }) => webhookId)).size).toBe(2);
  });
});

describe("a failure", () => {
  test("is tried eight times more with the same id and bytes, then given up", async () => {
    const app = await appThatListens();
    app.usualAnswer({ status: 500 });
    const sender = senderTo(app.url);
    const [webhook] = sender.send(SHOP, [{ topic: "orders/paid", body: { id: 7n } }]);
    await sender.settled();
    expect(app.received).toHaveLength(1 + RETRY_WAITS_S.length);
    expect(new Set(app.received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
    expect(new Set(app.received.map(({ body }) => body.toString())).size).toBe(1);
    expect(webhook?.state).toBe("given up");
  });

  test("that heals is told once more only", async () => {
    const app = await appThatListens();
    app.nextAnswers({ status: 503 }, { status: 401 });
    const sender = senderTo(app.url);
    const [webhook] = sender.send(SHOP, [{ topic: "orders/paid", body: { id: 7n } }]);
    await sender.settled();
    expect(webhook?.attempts.map(({ status }) => status)).toEqual([503, 401, 200]);
    expect(webhook?.state).toBe("delivered");
  });

  test("is a redirect too: it is not followed", async () => {
    const app = await appThatListens();
    app.nextAnswers({ status: 302, headers: { location: `${app.url}/elsewhere` } });
    const sender = senderTo(app.url);
    sender.send(SHOP, [{ topic: "orders/paid", body: { id: 7n } }]);
    await sender.settled();
    expect(app.received.map(({ path }) => path)).toEqual(["/webhooks/orders/paid", "/webhooks/orders/paid"]);
  });

  test("is an answer after five seconds", { timeout: 15_000 }, async () => {
    const app = await appThatListens();
    app.nextAnswers({ status: 200, afterMs: 5_500 });
    const sender = senderTo(app.url);
    const [webhook] = sender.send(SHOP, [{ topic: "orders/paid", body: { id: 7n } }]);
    await sender.settled();
    expect(webhook?.attempts.map(({ status, error }) => status ?? error)).toEqual([
      "no answer within five seconds",
      200,
    ]);
  });

  test("waits longer every time, four hours in all", () => {
    expect(RETRY_WAITS_S).toHaveLength(8);
    expect(RETRY_WAITS_S.toSorted((a, b) => a - b)).toEqual(RETRY_WAITS_S);
    expect(RETRY_WAITS_S.reduce((sum, seconds) => sum + seconds, 0)).toBe(4 * 3600);
  });

  test("that waits for its turn does not keep the stand-in from closing", async () => {
    const app = await appThatListens();
    app.usualAnswer({ status: 500 });
    const sender = senderTo(app.url, 1);
    sender.send(SHOP, [{ topic: "orders/paid", body: { id: 7n } }]);
    await app.waitFor(1);
    const begun = Date.now();
    await sender.close();
    expect(Date.now() - begun).toBeLessThan(5_000);
  });
});

describe("the line", () => {
  test("with duplicates switched on, tells everything twice with the same webhook id", async () => {
    const app = await appThatListens();
    const sender = senderTo(app.url);
    sender.settings.duplicates = true;
    sender.send(SHOP, [{ topic: "orders/paid", body: { id: 7n } }]);
    await sender.settled();
    expect(app.received).toHaveLength(2);
    expect(new Set(app.received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
  });

  test("sends again what is asked for, byte by byte", async () => {
    const app = await appThatListens();
    const sender = senderTo(app.url);
    const [webhook] = sender.send(SHOP, [{ topic: "orders/paid", body: { id: 7n } }]);
    await sender.settled();
    expect(sender.redeliver(webhook?.webhookId ?? "")?.duplicate).toBe(true);
    await sender.settled();
    const [once, again] = app.received;
    expect(again?.body).toEqual(once?.body);
    expect(again?.headers["x-shopify-triggered-at"]).toBe(once?.headers["x-shopify-triggered-at"]);
    expect(sender.redeliver("unknown")).toBeUndefined();
  });
});
