// Who asks from inside Shopify admin, and in which shop: the first line of every screen's loader and action.
import { holdsNul } from "../platform/storable.ts";
import { installProgram } from "../program/save.server.ts";
import { authenticateEmbedded } from "../shopify/app.server.ts";
import type { AdminRequest } from "../shopify/app.server.ts";
import { refreshPlan } from "../shops/check-plan.server.ts";
import { ensureInstalled } from "../shops/install.server.ts";
import type { Shop } from "../shops/shop.ts";

/** What Shopify's plan page adds to the address when it sends the merchant back. */
const PLAN_CHOSEN = "charge_id";

/**
 * Authenticates a request from inside Shopify admin, and installs its shop, with a working program, at the first one.
 * @returns the library's context (`admin.graphql`, `session`, `redirect`), with `shopId` and `shop`.
 * @throws Response as the library answers: the bounce page, 401 with a request to retry, 410 to robots; 400 for an
 * address that no screen has.
 */
export async function authenticateAdmin(request: Request): Promise<AdminRequest & { readonly shop: Shop }> {
  if (holdsNul(request.url)) throw new Response(null, { status: 400 });
  const context = await authenticateEmbedded(request);
  const ask = async (document: string) => {
    const answer = await context.admin.graphql(document);
    return ((await answer.json()) as { data?: unknown }).data;
  };
  const shop = await ensureInstalled(context.shopId, ask, installProgram);
  const comesFromPlanPage = new URL(request.url).searchParams.has(PLAN_CHOSEN);
  return { ...context, shop: comesFromPlanPage ? await refreshPlan(context.shopId, ask) : shop };
}
