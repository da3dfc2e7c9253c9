// Shopify's webhooks on a real socket: what is answered, and to whom nothing is.
import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerWebhook } from "../../app/inbound/answer-webhook.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { BODY_BYTES_MAX } from "../../app/shopify/inbound.server.ts";
import { aShop, memberOf } from "../orders/a-shop.ts";
import { orderBody } from "../orders/order-body.ts";
import "../support/database.ts";
import { requestOf } from "./send.ts";

const server = createServer((request, response) => void answerWebhook(request, response));
let url = "";
let shop: ShopId;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  shop = await aShop();
});
afterAll(() => server.close().closeAllConnections());

const post = async (path: string, body: unknown, method = "POST") => {
  const { headers } = requestOf({ topic: "orders/paid", shop, body });
  const text = JSON.stringify(body);
  return fetch(`${url}${path}`, { method, headers, ...(method === "POST" && { body: text }) });
};

test("a paid order is answered 200 with nothing, once its points are there", async () => {
  const answer = await post("/webhooks/orders/paid", orderBody({ id: "1", customer: { id: "81" } }));
  expect([answer.status, await answer.text()]).toEqual([200, ""]);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect((await memberOf(shop, "81"))?.balance).toBe(50);
});

test("a query string changes nothing", async () => {
  expect((await post("/webhooks/orders/paid?a=1", orderBody({ id: "2" }))).status).toBe(200);
});

test("another method is told which one is taken", async () => {
  const answer = await post("/webhooks/orders/paid", {}, "GET");
  expect([answer.status, answer.headers.get("allow")]).toEqual([405, "POST"]);
  expect(await answer.text()).toBe("method_not_allowed");
});

test.each([
  "/webhooks/",
  "/webhooks/orders",
  "/webhooks/orders/paid/",
  "/webhooks/toString",
  "/webhooks/a/b",
])("no topic is at %s", async (path) => {
  expect((await post(path, {})).status).toBe(404);
});

test("a body that is too long by its header is refused unread, and the sender hears it", async () => {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const { headers } = requestOf({ topic: "orders/paid", shop, body: {} });
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(
    `POST /webhooks/orders/paid HTTP/1.1\r\nHost: x\r\n${lines}Content-Length: ${BODY_BYTES_MAX + 1}\r\n\r\n`,
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test("a sender who breaks off in the midst of the body ends nothing but the connection", async () => {
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const { headers } = requestOf({ topic: "orders/paid", shop, body: {} });
  const lines = [...headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const begun = once(server, "request");
  socket.write(`POST /webhooks/orders/paid HTTP/1.1\r\nHost: x\r\n${lines}Content-Length: 100\r\n\r\n{"id"`);
  await begun;
  socket.destroy();
  expect((await post("/webhooks/orders/paid", orderBody({ id: "3" }))).status).toBe(200);
});
