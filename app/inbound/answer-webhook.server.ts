// Shopify's webhooks over HTTP, past the router of the pages: matching an address there costs as much as an order's SQL.
import type { IncomingMessage, ServerResponse } from "node:http";
import { log } from "../platform/log.server.ts";
import { receive } from "../shopify/inbound.server.ts";
import type { Topic } from "../shopify/topics.ts";
import { WEBHOOKS_PATH } from "./path.ts";
import { HEARS } from "./topics.server.ts";

const RETRY_AFTER_S = 10;

/** Answers a request to an address below `WEBHOOKS_PATH`; 404 where no topic is. Never rejects. */
export async function answerWebhook(request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const topic = topicOf(request.url ?? "");
    const answer = topic === null ? { status: 404 } : await receive(request, topic, HEARS[topic]);
    response.writeHead(answer.status, headersOf(answer)).end(answer.why);
  } catch (error) {
    // The sender broke off in the midst of the body: there is nobody to answer.
    log.warn("webhook.broken_off", {}, error);
    response.destroy();
  }
}

function topicOf(url: string): Topic | null {
  const [path = ""] = url.slice(WEBHOOKS_PATH.length).split("?", 1);
  return Object.hasOwn(HEARS, path) ? (path as Topic) : null;
}

function headersOf({ status, why = "" }: { status: number; why?: string }): Record<string, string | number> {
  return {
    "Cache-Control": "no-store",
    "Content-Length": Buffer.byteLength(why),
    ...(status === 405 && { Allow: "POST" }),
    ...(status === 503 && { "Retry-After": RETRY_AFTER_S }),
  };
}
