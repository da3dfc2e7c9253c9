// Sends webhooks to what answers them as Shopify does: signed over their bytes.
import { createHmac, randomUUID } from "node:crypto";
import { HEARS } from "../../app/inbound/topics.server.ts";
import type { Answer } from "../../app/shopify/inbound.server.ts";
import { receive } from "../../app/shopify/inbound.server.ts";
import type { Topic } from "../../app/shopify/topics.ts";

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

/** Hands a Request over as Node's server would: a method, headers, and bytes that come. */
export const handOver = (topic: Topic, { method, headers, body }: Request): Promise<Answer> => {
  const bytes = (body ?? new Blob().stream()) as unknown as AsyncIterable<Uint8Array>;
  const incoming = { method, headers: Object.fromEntries(headers) };
  return receive(
    { ...incoming, [Symbol.asyncIterator]: () => bytes[Symbol.asyncIterator]() },
    topic,
    HEARS[topic],
  );
};

/** Sends a webhook; the status of the answer. */
export async function send(sending: Sending): Promise<number> {
  return (await handOver(sending.topic, requestOf(sending))).status;
}
