// What Settings > API keys shows: the shop's keys, and where the API is.
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { env } from "../platform/env.server.ts";
import { listApiKeys } from "../shops/api-keys.server.ts";

/** The keys, with how long ago each was used (milliseconds; null = never), and the API's own address. */
export async function readApiKeysPage(shopId: ShopId) {
  const keys = await listApiKeys(shopId);
  const at = now().getTime();
  return {
    apiUrl: new URL("/v1", env().SHOPIFY_APP_URL).href,
    keys: keys.map((key) => ({
      ...key,
      usedMsAgo: key.lastUsedAt === null ? null : Math.max(0, at - key.lastUsedAt.getTime()),
    })),
  };
}
