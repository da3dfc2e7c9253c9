// What the frame of the screens needs to know of this process's Shopify app.
import { env } from "../platform/env.server.ts";

/** The client id, and where App Bridge comes from when a stand-in serves it. */
export function shopifyFrame(): { apiKey: string; appBridgeUrl: string | null } {
  const { SHOPIFY_API_KEY, APP_BRIDGE_URL } = env();
  return { apiKey: SHOPIFY_API_KEY, appBridgeUrl: APP_BRIDGE_URL ?? null };
}
