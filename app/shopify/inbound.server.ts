// The way of every webhook from Shopify: method, headers, size, signature, then the body. No network on it, ever.
import { createHash } from "node:crypto";
import type { ShopId } from "../loyalty/ids.ts";
import { shopIdFrom } from "../loyalty/ids.ts";
import type { Refusal, Result } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { log } from "../platform/log.server.ts";
import { metrics } from "../platform/metrics.server.ts";
import { exactJson } from "./exact-json.ts";
import { instantFrom } from "./fields.ts";
import { readBody } from "./read-body.server.ts";
import type { Incoming } from "./read-body.server.ts";
import type { Topic } from "./topics.ts";
import { isSigned } from "./webhook-signature.server.ts";

/** Orders of 500 lines with taxes, properties and refunds stay below half of it. */
export const BODY_BYTES_MAX = 5 * 1024 * 1024;
const WEBHOOK_ID_MAX = 100;
/** Shopify sends again what is answered with 503. */
const UNREAD = { body_too_long: 413, too_many_bodies: 503 } as const;

/** A webhook whose signature was right. The id comes again with each of Shopify's retries. */
export type Inbound = {
  readonly shop: ShopId;
  readonly topic: Topic;
  readonly webhookId: string;
  /** SHA-256 of the raw body, hex. */
  readonly bodyHash: string;
  /** X-Shopify-Triggered-At as sortable UTC text; null where it was not sent or is no time. */
  readonly triggeredAt: string | null;
  readonly at: Date;
  /** Numbers are text of their own digits. */
  readonly body: object;
};

/** What a topic does. A refusal is answered by `ANSWERED_200` or with 400; what it throws, with 500. */
export type Hear = (inbound: Inbound) => Promise<Result<unknown>>;

/** Refusals of what is well-formed: Shopify has done its part and need not send it again. */
const ANSWERED_200: ReadonlySet<Refusal> = new Set(["webhook_reused", "shop_unknown", "merge_not_completed"]);

/** `why`: the body of an answer that is not 200. */
export type Answer = { readonly status: number; readonly why?: string };
type Named = Record<"topic" | "signature" | "domain" | "version" | "webhookId", string>;

const HEADERS: Readonly<Record<keyof Named, string>> = {
  topic: "x-shopify-topic",
  signature: "x-shopify-hmac-sha256",
  domain: "x-shopify-shop-domain",
  version: "x-shopify-api-version",
  webhookId: "x-shopify-webhook-id",
};

/**
 * Takes a webhook of `topic` and lets `hear` do what it means.
 * @returns 200 once it is done or nothing is to be done; 405 another method; 400 a header missing or of another topic,
 * or a body that says nothing usable; 413 too long; 401 not signed by Shopify; 415 no JSON; 500 to be sent again;
 * 503 as well, when too many bodies arrive at once.
 */
export async function receive(request: Incoming, topic: Topic, hear: Hear): Promise<Answer> {
  const answer = await answerTo(request, topic, hear);
  const { status, why } = answer;
  metrics.webhooksIn.inc({ topic, status });
  if (status !== 200) log.warn("webhook.refused", { topic, status, why });
  return answer;
}

async function answerTo(request: Incoming, topic: Topic, hear: Hear): Promise<Answer> {
  if (request.method !== "POST") return { status: 405, why: "method_not_allowed" };
  const named = headersOf(request);
  if (typeof named === "string") return { status: 400, why: `header missing: ${named}` };
  const read = await readBody(request, BODY_BYTES_MAX);
  if (!read.ok) return { status: UNREAD[read.refusal], why: read.refusal };
  const raw = read.bytes;
  if (!isSigned(raw, named.signature)) return { status: 401, why: "signature_wrong" };
  if (named.topic.toLowerCase() !== topic) return { status: 400, why: "topic_of_another_route" };
  const shop = shopIdFrom(named.domain);
  if (shop === null) return { status: 400, why: "shop_domain_invalid" };
  if (!isJson(request)) return { status: 415, why: "content_type_not_json" };
  const body = exactJson(raw);
  if (!body.ok) return { status: 400, why: body.refusal };
  const { webhookId } = named;
  const bodyHash = createHash("sha256").update(raw).digest("hex");
  const triggeredAt = instantFrom(headerOf(request, "x-shopify-triggered-at"));
  return heard({ shop, topic, webhookId, bodyHash, triggeredAt, at: now(), body: body.value }, hear);
}

/** The required headers, or the name of the first that is missing. */
function headersOf(request: Incoming): Named | string {
  const found: Partial<Named> = {};
  for (const [key, name] of Object.entries(HEADERS) as [keyof Named, string][]) {
    const value = headerOf(request, name);
    if (value === "" || (key === "webhookId" && value.length > WEBHOOK_ID_MAX)) return name;
    found[key] = value;
  }
  return found as Named;
}

function headerOf(request: Incoming, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value.trim() : "";
}

function isJson(request: Incoming): boolean {
  const [type = ""] = headerOf(request, "content-type").split(";", 1);
  return type.trim().toLowerCase() === "application/json";
}

async function heard(inbound: Inbound, hear: Hear): Promise<Answer> {
  const { shop, topic, webhookId } = inbound;
  try {
    const done = await hear(inbound);
    if (done.ok) return { status: 200 };
    log.warn("webhook.without_effect", { shop, topic, webhook: webhookId, refusal: done.refusal });
    return ANSWERED_200.has(done.refusal) ? { status: 200 } : { status: 400, why: done.refusal };
  } catch (error) {
    log.error("webhook.failed", { shop, topic, webhook: webhookId }, error);
    return { status: 500, why: "not_done" };
  }
}
