// How a call to Shopify leaves this machine: with a deadline, and to the stand-in where one is named.
import { env } from "../platform/env.server.ts";

/** Shopify answers within seconds or not at all. */
export const SHOPIFY_DEADLINE_MS = 10_000;
const SHOP_HOST = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;

/**
 * Fetches from Shopify within the deadline. Where SHOPIFY_SIMULATOR_URL is set (never in production), calls to
 * `https://{shop}.myshopify.com/…` go there instead, with the shop's domain in `X-Simulated-Shop`.
 */
export const fetchFromShopify: typeof fetch = (input, init) => {
  const asked = new Request(input, init);
  const signal = AbortSignal.any([asked.signal, AbortSignal.timeout(SHOPIFY_DEADLINE_MS)]);
  const url = new URL(asked.url);
  const simulator = env().SHOPIFY_SIMULATOR_URL;
  if (simulator === undefined || !SHOP_HOST.test(url.hostname)) return fetch(asked, { signal });
  const headers = new Headers(asked.headers);
  headers.set("X-Simulated-Shop", url.hostname);
  const there = new URL(url.pathname + url.search, simulator);
  return fetch(new Request(there, new Request(asked, { headers })), { signal });
};
