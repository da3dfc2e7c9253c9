// What shop/update and app/scopes_update do: name, currency, time zone and scopes as Shopify has them.
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { inShop } from "../platform/db.server.ts";
import type { Inbound } from "../shopify/inbound.server.ts";
import { shopDetailsFrom } from "../shopify/shop-details.ts";
import { timeFrom } from "../shopify/fields.ts";
import { scopesFrom } from "../shopify/shop-life.ts";

/** Keeps the shop's details. Refuses a body that says nothing, and an unknown shop; a late word changes nothing. */
export async function changeDetails({ shop, body, triggeredAt, at }: Inbound): Promise<Result<null>> {
  const said = shopDetailsFrom(body);
  if (!said.ok) return said;
  const { name, currency, timezone, locale, country } = said.value;
  const asOf = timeFrom(triggeredAt) ?? at;
  return inShop(shop, async (tx) => {
    const known = await tx.db.$executeRaw`
      UPDATE shop SET
        name = CASE WHEN s.newer THEN coalesce(${name}, shop.name) ELSE shop.name END,
        currency = CASE WHEN s.newer THEN coalesce(${currency}, shop.currency) ELSE shop.currency END,
        timezone = CASE WHEN s.newer THEN coalesce(${timezone}, shop.timezone) ELSE shop.timezone END,
        locale = CASE WHEN s.newer THEN coalesce(${locale}, shop.locale) ELSE shop.locale END,
        country = CASE WHEN s.newer THEN coalesce(${country}, shop.country) ELSE shop.country END,
        details_as_of = greatest(shop.details_as_of, ${asOf}::timestamptz)
      FROM (SELECT coalesce(details_as_of <= ${asOf}::timestamptz, true) AS newer FROM shop
             WHERE shop_id = ${tx.shopId} FOR UPDATE) s
      WHERE shop_id = ${tx.shopId}`;
    return known === 0 ? refuse("shop_unknown") : accept(null);
  });
}

/** Keeps the scopes that the merchant has granted. Refuses a body without them, and an unknown shop. */
export async function changeScopes({ shop, body }: Inbound): Promise<Result<null>> {
  const said = scopesFrom(body);
  if (!said.ok) return said;
  return inShop(shop, async (tx) => {
    const { count } = await tx.db.shop.updateMany({ where: { id: tx.shopId }, data: { scopes: said.value } });
    return count === 0 ? refuse("shop_unknown") : accept(null);
  });
}
