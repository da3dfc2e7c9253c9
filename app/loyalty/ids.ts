// Names of things: branded strings, so that a customer's id is never handed over where an order's is wanted.
declare const brand: unique symbol;
type Named<Kind extends string> = string & { readonly [brand]: Kind };

/** A shop's permanent domain, e.g. `laurel-demo.myshopify.com`. */
export type ShopId = Named<"shop">;
export type CustomerGid = Named<"customer">;
export type OrderGid = Named<"order">;
export type LineGid = Named<"line">;
export type RefundGid = Named<"refund">;

export type GidKind = "Order" | "LineItem" | "Refund" | "Customer";
type GidOf = { Order: OrderGid; LineItem: LineGid; Refund: RefundGid; Customer: CustomerGid };

const SHOP_DOMAIN = /^[a-z0-9][a-z0-9-]{0,59}\.myshopify\.com$/;
/** Shopify's ids fit in 64 bits; more digits than that is no id. */
const ID_DIGITS = /^[1-9]\d{0,19}$/;

/** Reads a shop's permanent domain (any case); null when it is none. */
export function shopIdFrom(text: string): ShopId | null {
  const domain = text.trim().toLowerCase();
  return SHOP_DOMAIN.test(domain) ? (domain as ShopId) : null;
}

/** `laurel-demo.myshopify.com` → `laurel-demo`, which is what the event envelope calls `shop`. */
export function shopHandle(shop: ShopId): string {
  return shop.slice(0, -".myshopify.com".length);
}

/** Makes a gid from exact digits: `gid("Order", "5123")` → `gid://shopify/Order/5123`; null when they are none. */
export function gid<Kind extends GidKind>(kind: Kind, digits: string): GidOf[Kind] | null {
  return ID_DIGITS.test(digits) ? (`gid://shopify/${kind}/${digits}` as GidOf[Kind]) : null;
}

/** Accepts a gid of the asked kind (parameters after `?` are dropped); null for anything else. */
export function gidFrom<Kind extends GidKind>(kind: Kind, text: string): GidOf[Kind] | null {
  const prefix = `gid://shopify/${kind}/`;
  if (!text.startsWith(prefix)) return null;
  return gid(kind, text.slice(prefix.length).split("?")[0] ?? "");
}

/** The digits at the end of a gid: what Shopify's REST bodies call `id`. */
export function digitsOf(gidText: string): string {
  return gidText.slice(gidText.lastIndexOf("/") + 1);
}
