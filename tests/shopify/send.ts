// Sends webhooks to the app's own routes as Shopify does: real Requests, signed over their bytes.
import { createHmac, randomUUID } from "node:crypto";
import type { ActionFunctionArgs } from "@remix-run/node";
import type { Topic } from "../../app/shopify/topics.ts";
import * as appScopes from "../../app/routes/webhooks.app.scopes_update.ts";
import * as appUninstalled from "../../app/routes/webhooks.app.uninstalled.ts";
import * as subscriptions from "../../app/routes/webhooks.app_subscriptions.update.ts";
import * as customersCreate from "../../app/routes/webhooks.customers.create.ts";
import * as dataRequest from "../../app/routes/webhooks.customers.data_request.ts";
import * as customersDelete from "../../app/routes/webhooks.customers.delete.ts";
import * as customersMerge from "../../app/routes/webhooks.customers.merge.ts";
import * as customersRedact from "../../app/routes/webhooks.customers.redact.ts";
import * as customersUpdate from "../../app/routes/webhooks.customers.update.ts";
import * as ordersCancelled from "../../app/routes/webhooks.orders.cancelled.ts";
import * as ordersPaid from "../../app/routes/webhooks.orders.paid.ts";
import * as ordersUpdated from "../../app/routes/webhooks.orders.updated.ts";
import * as refundsCreate from "../../app/routes/webhooks.refunds.create.ts";
import * as shopRedact from "../../app/routes/webhooks.shop.redact.ts";
import * as shopUpdate from "../../app/routes/webhooks.shop.update.ts";

type Route = { action: (args: ActionFunctionArgs) => Promise<Response> };

/** Each topic's own route. */
export const ROUTES: Readonly<Record<Topic, Route>> = {
  "orders/paid": ordersPaid,
  "orders/updated": ordersUpdated,
  "orders/cancelled": ordersCancelled,
  "refunds/create": refundsCreate,
  "customers/create": customersCreate,
  "customers/update": customersUpdate,
  "customers/delete": customersDelete,
  "customers/merge": customersMerge,
  "customers/data_request": dataRequest,
  "customers/redact": customersRedact,
  "app/uninstalled": appUninstalled,
  "app/scopes_update": appScopes,
  "app_subscriptions/update": subscriptions,
  "shop/update": shopUpdate,
  "shop/redact": shopRedact,
};

export const SECRET = "shpss_laurel_test_client_secret";

/** Base64 of HMAC-SHA256 of the bytes. */
export const hmac = (bytes: Uint8Array, secret = SECRET): string =>
  createHmac("sha256", secret).update(bytes).digest("base64");

export type Sending = {
  topic: Topic;
  shop: string;
  /** An object, or text or bytes as they are. */
  body: unknown;
  webhookId?: string;
  secret?: string;
  /** Replaces headers; null leaves one out. */
  headers?: Record<string, string | null>;
  method?: string;
};

export function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

/** The Request that Shopify would send. */
export function requestOf(sending: Sending): Request {
  const bytes = bytesOf(sending.body);
  const headers = new Headers({
    "Content-Type": "application/json",
    "User-Agent": "Shopify-Captain-Hook",
    "X-Shopify-Topic": sending.topic,
    "X-Shopify-Shop-Domain": sending.shop,
    "X-Shopify-API-Version": "2026-10",
    "X-Shopify-Webhook-Id": sending.webhookId ?? randomUUID(),
    "X-Shopify-Hmac-Sha256": hmac(bytes, sending.secret),
  });
  for (const [name, value] of Object.entries(sending.headers ?? {})) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  const method = sending.method ?? "POST";
  const url = `http://localhost:3000/webhooks/${sending.topic}`;
  return new Request(url, { method, headers, ...(method !== "GET" && { body: bytes }) });
}

/** Hands a Request to the topic's route. */
export const handOver = (topic: Topic, request: Request): Promise<Response> =>
  ROUTES[topic].action({ request, params: {}, context: {} });

/** Sends a webhook; the status of the answer. */
export async function send(sending: Sending): Promise<number> {
  return (await handOver(sending.topic, requestOf(sending))).status;
}
