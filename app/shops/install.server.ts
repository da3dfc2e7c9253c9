// Installs a shop: once, however many requests of its first visit run side by side.
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Installation } from "../shopify/shop-details.ts";
import { installationFrom, SHOP_DETAILS } from "../shopify/shop-details.ts";
import { saveStanding } from "./change-plan.server.ts";
import { eraseShop } from "./erase-shop.server.ts";
import { findShop, shopOf } from "./queries.server.ts";
import type { Shop } from "./shop.ts";
import { standingFrom } from "./standing.ts";

/** Asks Shopify's Admin GraphQL and gives the answer's `data`. */
export type Ask = (document: string) => Promise<unknown>;
/** What else a new shop is given, in the same transaction (its program). */
export type Furnish = (tx: ShopTx, at: Date) => Promise<void>;

/**
 * The shop, installed now if it is new or was uninstalled. Safe to repeat and to run in parallel; Shopify is asked
 * before the transaction, and only then. A shop that comes back finds what it had, and what was disabled stays so;
 * one whose erasing has begun starts anew.
 */
export async function ensureInstalled(shopId: ShopId, ask: Ask, furnish: Furnish): Promise<Shop> {
  const known = await findShop(shopId);
  if (known !== null && known.uninstalledAt === null && known.erasingSince === null) return known;
  if (known?.erasingSince) await eraseShop(shopId);
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

// The statement locks the row: the second of two parallel installations waits for the first, and writes nothing.
async function write(tx: ShopTx, { details, scopes, subscriptions }: Installation, at: Date): Promise<void> {
  const { name, currency, timezone } = details;
  const written = await tx.db.$executeRaw`
    INSERT INTO shop (shop_id, name, currency, timezone, scopes, installed_at)
    VALUES (${tx.shopId}, ${name}, ${currency}, ${timezone}, ${scopes}, ${at})
    ON CONFLICT (shop_id) DO UPDATE SET name = excluded.name, currency = excluded.currency,
      timezone = excluded.timezone, scopes = excluded.scopes, installed_at = excluded.installed_at,
      uninstalled_at = NULL
    WHERE shop.uninstalled_at IS NOT NULL`;
  if (written === 0) return;
  const standing = standingFrom(subscriptions);
  await saveStanding(tx, standing, at);
  log.info("shop.installed", { shop: tx.shopId, plan: standing.plan });
}
