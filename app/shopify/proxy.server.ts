// A storefront's request through Shopify's app proxy: who asks is what Shopify signed, and nothing else.
// shopify.dev, "Authenticate app proxies": hex HMAC-SHA256 over the sorted parameters, joined without a separator.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { ShopId } from "../loyalty/ids.ts";
import { shopIdFrom } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { clientSecrets } from "./webhook-signature.server.ts";

/** A signed address is good for so long, either way. */
export const PROXY_AGE_MAX_MS = 5 * 60 * 1000;
const QUERY_MAX = 4_096;

/** Who asks: the shop, and the customer (digits) who is signed in there, or null. */
export type ProxyVisit = { readonly shop: ShopId; readonly customerId: string | null };

/** The signature of query parameters, hex: a name that comes more than once has its values joined by commas. */
export function proxySignatureOf(query: URLSearchParams, secret: string): string {
  const names = [...new Set(query.keys())].filter((name) => name !== "signature").sort();
  const message = names.map((name) => `${name}=${query.getAll(name).join(",")}`).join("");
  return createHmac("sha256", secret).update(message, "utf8").digest("hex");
}

/**
 * Reads who asks from a signed address. After a rotation of the client secret the previous one counts for an hour.
 * @returns null for what Shopify did not sign, signed more than five minutes ago, or names no shop or customer properly.
 */
export function proxyVisit(request: Request): ProxyVisit | null {
  const { search, searchParams: query } = new URL(request.url);
  if (search.length > QUERY_MAX || !isSigned(query) || [...query].flat().some(isOfAdmin)) return null;
  // Twice under one name is joined in the signature and ambiguous here.
  const [shopText, customerText, time] = ["shop", "logged_in_customer_id", "timestamp"].map((name) => {
    const values = query.getAll(name);
    return values.length > 1 ? null : (values[0] ?? "");
  });
  const shop = shopIdFrom(shopText ?? "");
  if (shop === null || customerText == null || !/^(?:[1-9]\d{0,19})?$/.test(customerText)) return null;
  if (time == null || !/^\d{1,12}$/.test(time)) return null;
  if (Math.abs(now().getTime() - Number(time) * 1000) > PROXY_AGE_MAX_MS) return null;
  return { shop, customerId: customerText === "" ? null : customerText };
}

// Shopify signs the addresses of its admin with the same key over `name=value&…`: one of them, sent as a single
// parameter, must not pass for a storefront's.
const isOfAdmin = (text: string) => text.includes("&");

function isSigned(query: URLSearchParams): boolean {
  const [signature, ...more] = query.getAll("signature");
  if (signature === undefined || more.length > 0) return false;
  const given = Buffer.from(signature, "utf8");
  return clientSecrets().some((secret) => {
    const right = Buffer.from(proxySignatureOf(query, secret), "utf8");
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
