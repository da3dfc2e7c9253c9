// Installs a shop: once, however many requests of its first visit run side by side.
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { AppSubscription, ShopDetails } from "../shopify/shop-details.ts";
import { installationFrom, SHOP_DETAILS } from "../shopify/shop-details.ts";
import { allows, standingFrom } from "./plans.ts";
import { findShop, shopOf } from "./queries.server.ts";
import type { Shop } from "./shop.ts";

/** Asks Shopify's Admin GraphQL and gives the answer's `data`. */
export type Ask = (document: string) => Promise<unknown>;
/** What else a new shop is given, in the same transaction (its program). */
export type Furnish = (tx: ShopTx, at: Date) => Promise<void>;

type Installation = { details: ShopDetails; scopes: string; subscriptions: AppSubscription[] };

/**
 * The shop, installed now if it is new or was uninstalled. Safe to repeat and to run in parallel; Shopify is asked
 * before the transaction, and only then. A shop that comes back finds what it had; what was disabled stays so.
 */
export async function ensureInstalled(shopId: ShopId, ask: Ask, furnish: Furnish): Promise<Shop> {
  const known = await findShop(shopId);
  if (known !== null && known.uninstalledAt === null) return known;
  const installation = installationFrom(await ask(SHOP_DETAILS));
  return inShop(shopId, async (tx) => {
    const at = now();
    await write(tx, installation, at);
    await furnish(tx, at);
    const shop = await shopOf(tx);
    if (shop === null) throw new Error(`Shop ${shopId} was not installed`);
    return shop;
  });
}

// The statement's row lock lets the second of two parallel installations see the first one's work.
async function write(tx: ShopTx, { details, scopes, subscriptions }: Installation, at: Date): Promise<void> {
  const standing = standingFrom(subscriptions);
  const { name, currency, timezone } = details;
  const installed = await tx.db.$executeRaw`
    INSERT INTO shop (shop_id, name, currency, timezone, plan, plan_status, sends_webhooks, scopes, installed_at)
    VALUES (${tx.shopId}, ${name}, ${currency}, ${timezone}, ${standing.plan}, ${standing.planStatus},
            ${allows(standing, "webhooks")}, ${scopes}, ${at})
    ON CONFLICT (shop_id) DO UPDATE SET name = excluded.name, currency = excluded.currency,
      timezone = excluded.timezone, plan = excluded.plan, plan_status = excluded.plan_status,
      sends_webhooks = excluded.sends_webhooks, scopes = excluded.scopes, installed_at = excluded.installed_at,
      uninstalled_at = NULL
    WHERE shop.uninstalled_at IS NOT NULL`;
  if (installed > 0) log.info("shop.installed", { shop: tx.shopId, plan: standing.plan });
}
