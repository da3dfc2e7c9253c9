// Shopify's API library, set up once: its version, its logger, its way out.
import "@shopify/shopify-api/adapters/web-api";
import { ApiVersion, LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { env } from "../platform/env.server.ts";
import { log } from "../platform/log.server.ts";
import { fetchFromShopify } from "./transport.server.ts";

/** The version of the Admin API that every document and every webhook is written for. */
export const SHOPIFY_API_VERSION = ApiVersion.October26;

// The library set its own when it was imported.
setAbstractFetchFunc(fetchFromShopify);

/** The library's words, without what follows a question mark: tokens travel there. */
function listen(severity: LogSeverity, message: string): Promise<void> {
  const said = { said: message.replaceAll(/\?\S*/g, "?…").slice(0, 500) };
  if (severity === LogSeverity.Error) log.error("shopify.said", said);
  else log.warn("shopify.said", said);
  return Promise.resolve();
}

export const shopifyLogger = {
  level: LogSeverity.Warning,
  httpRequests: false,
  timestamps: false,
  log: listen,
};

const { host, protocol } = new URL(env().SHOPIFY_APP_URL);

/** For what runs without a request from Shopify admin: refreshing tokens, the worker's calls. */
export const shopifyApiLibrary = shopifyApi({
  apiKey: env().SHOPIFY_API_KEY,
  apiSecretKey: env().SHOPIFY_API_SECRET,
  apiVersion: SHOPIFY_API_VERSION,
  hostName: host,
  hostScheme: protocol === "http:" ? "http" : "https",
  isEmbeddedApp: true,
  logger: shopifyLogger,
});
