// A demo shop: all that the stand-in knows of it. Kept in memory; ids of people and goods survive a restart.
import { customersOf, productsOf, type Customer, type Product } from "./goods.ts";
import { steadyId } from "./ids.ts";
import type { Order } from "./orders.ts";
import { PLANS, type PlanName } from "./plans.ts";

export type Metafield = {
  id: bigint;
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
  updatedAt: string;
};

export type Shop = {
  handle: string;
  domain: string;
  id: bigint;
  name: string;
  currency: string;
  timeZone: string;
  locale: string;
  taxesIncluded: boolean;
  /** Tax rate in hundredths of a percent. */
  taxRate: number;
  plan: PlanName;
  installedAt: string | null;
  /** Tokens given before this time (ms) are dead. */
  tokensValidFrom: number;
  customers: Map<bigint, Customer>;
  products: Product[];
  orders: Order[];
  orderNumber: number;
  metafields: Map<string, Metafield>;
};

/** What may be said about a shop when it is opened; all else follows from the handle. */
export type ShopWish = Partial<
  Pick<Shop, "name" | "currency" | "timeZone" | "locale" | "taxesIncluded" | "taxRate" | "plan">
>;

export const HANDLE = /^[a-z0-9][a-z0-9-]{0,59}$/;
const MAX_SHOPS = 500;

const titled = (handle: string): string =>
  handle.replaceAll("-", " ").replace(/\b[a-z]/g, (letter) => letter.toUpperCase());

function newShop(handle: string, wish: ShopWish): Shop {
  return {
    handle,
    domain: `${handle}.myshopify.com`,
    id: steadyId(handle, "shop"),
    name: titled(handle),
    currency: "USD",
    timeZone: "America/New_York",
    locale: "en",
    taxesIncluded: false,
    taxRate: 825,
    plan: "growth",
    installedAt: null,
    tokensValidFrom: 0,
    customers: new Map(customersOf(handle).map((customer) => [customer.id, customer])),
    products: productsOf(handle),
    orders: [],
    orderNumber: 1000,
    metafields: new Map(),
    ...wish,
  };
}

export type Shops = {
  /** The shop of a handle, opened when it is new; undefined for what is no handle or one shop too many. */
  at(handle: string): Shop | undefined;
  /** The shop of a permanent domain. */
  ofDomain(domain: string): Shop | undefined;
  open(handle: string, wish: ShopWish): Shop | undefined;
  all(): Shop[];
};

/** All shops of one stand-in. */
export function openShops(): Shops {
  const shops = new Map<string, Shop>();
  const open = (handle: string, wish: ShopWish): Shop | undefined => {
    const known = shops.get(handle);
    if (known) return Object.assign(known, wish);
    if (!HANDLE.test(handle) || shops.size >= MAX_SHOPS) return undefined;
    const shop = newShop(handle, wish);
    shops.set(handle, shop);
    return shop;
  };
  return {
    open,
    at: (handle) => open(handle, {}),
    ofDomain: (domain) =>
      domain.endsWith(".myshopify.com") ? open(domain.slice(0, -".myshopify.com".length), {}) : undefined,
    all: () => [...shops.values()],
  };
}

/** The app's subscriptions of a shop, as Admin GraphQL and the webhook tell them. */
export const planOf = (shop: Shop) => PLANS[shop.plan];
