// Where a merchant changes the plan: a page of Shopify's.
import type { ShopId } from "../loyalty/ids.ts";
import { env } from "../platform/env.server.ts";
import { planPageUrl } from "../shops/plans.ts";

/** The address of the shop's plan page; the stand-in has its own. */
export function planPage(shop: ShopId): string {
  const { SHOPIFY_APP_HANDLE, SHOPIFY_SIMULATOR_URL } = env();
  const page = planPageUrl(shop, SHOPIFY_APP_HANDLE);
  if (SHOPIFY_SIMULATOR_URL === undefined) return page;
  return page.replace("https://admin.shopify.com", `${new URL(SHOPIFY_SIMULATOR_URL).origin}/admin`);
}
