// Asks Shopify which plan a shop has: when its merchant comes back from the plan page, and once a day, since a webhook
// that was lost would else be believed for ever.
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Step } from "../platform/upkeep.server.ts";
import { adminFor } from "../shopify/admin.server.ts";
import { installationFrom, SHOP_DETAILS } from "../shopify/shop-details.ts";
import { lockStanding, saveStanding } from "./change-plan.server.ts";
import type { Ask } from "./install.server.ts";
import { shopOf } from "./queries.server.ts";
import type { Shop } from "./shop.ts";
import { standingFrom } from "./standing.ts";

const SECOND_MS = 1000;

/** Reads the shop's subscription again and follows it; a webhook that came while Shopify was asked is newer. */
export async function refreshPlan(shopId: ShopId, ask: Ask): Promise<Shop> {
  return (await follow(shopId, ask)).shop;
}

/** The step of every night: follows the plan that Shopify names; found = 1 where it was not the one that was known. */
export async function checkPlan(shopId: ShopId): Promise<Step> {
  const admin = await adminFor(shopId);
  if (admin === null) return { after: null, found: 0 };
  const { moved } = await follow(shopId, admin.graphql);
  return { after: null, found: moved ? 1 : 0 };
}

async function follow(shopId: ShopId, ask: Ask): Promise<{ shop: Shop; moved: boolean }> {
  const before = await inShop(shopId, lockStanding);
  // Shopify's times are whole seconds: a word of this second is as new as the answer.
  const askedAt = new Date(Math.floor(now().getTime() / SECOND_MS) * SECOND_MS);
  const said = standingFrom(installationFrom(await ask(SHOP_DETAILS)).subscriptions);
  return inShop(shopId, async (tx) => {
    const known = await lockStanding(tx);
    const asOf = known?.asOf && known.asOf > askedAt ? known.asOf : askedAt;
    const isAnswered = known?.asOf?.getTime() === before?.asOf?.getTime();
    const moved = isAnswered && (known?.plan !== said.plan || known.planStatus !== said.planStatus);
    if (isAnswered) await saveStanding(tx, { ...said, asOf }, now());
    const shop = await shopOf(tx);
    if (shop === null) throw new Error(`Shop ${shopId} is not installed`);
    if (moved) log.info("plan.found", { shop: shopId, plan: shop.plan, status: shop.planStatus });
    return { shop, moved };
  });
}
