// The app proxy's signature: hex HMAC-SHA256 over the sorted parameters, joined without a separator.
import { createHmac } from "node:crypto";

/** Signs query parameters as Shopify does; a name that comes more than once has its values joined by commas. */
export function proxySignature(parameters: URLSearchParams, apiSecret: string): string {
  const names = [...new Set(parameters.keys())].filter((name) => name !== "signature").sort();
  const message = names.map((name) => `${name}=${parameters.getAll(name).join(",")}`).join("");
  return createHmac("sha256", apiSecret).update(message, "utf8").digest("hex");
}

export type ProxyVisit = { shop: string; customerId: string; pathPrefix: string; seconds: number };

/** The visitor's parameters with those that Shopify adds, signed. What a visitor sends under their names is dropped. */
export function signedProxyQuery(
  visitor: URLSearchParams,
  visit: ProxyVisit,
  apiSecret: string,
): URLSearchParams {
  const query = new URLSearchParams(visitor);
  query.delete("signature");
  query.set("shop", visit.shop);
  query.set("logged_in_customer_id", visit.customerId);
  query.set("path_prefix", visit.pathPrefix);
  query.set("timestamp", String(visit.seconds));
  query.set("signature", proxySignature(query, apiSecret));
  return query;
}
