// Signed orders to a web process, as Shopify sends them: again and again until they are answered.
import { createHmac } from "node:crypto";
import { orderText } from "../bench/order-body.ts";
import { SHOPIFY_SECRET } from "./world.ts";

const FIRST_ORDER = 7_000_000;
const CUSTOMERS = 5;
const ANSWER_WITHIN_MS = 20_000;

/** Whether the order was answered 200. The same `nth` is the same order and the same webhook. */
export async function sendOrder(url: string, shopId: string, nth: number): Promise<boolean> {
  const id = String(FIRST_ORDER + nth);
  const body = orderText(id, String(1 + (nth % CUSTOMERS)));
  const headers = {
    "content-type": "application/json",
    "x-shopify-topic": "orders/paid",
    "x-shopify-hmac-sha256": createHmac("sha256", SHOPIFY_SECRET).update(body).digest("base64"),
    "x-shopify-shop-domain": shopId,
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": `faults-${id}`,
  };
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  try {
    const answer = await fetch(`${url}/webhooks/orders/paid`, { method: "POST", headers, body, signal });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
