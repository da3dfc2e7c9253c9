// What the stand-in answers to Admin GraphQL: a demo shop in the shape of Shopify's types.
import type { AppConfig } from "./app-config.ts";
import type { Customer } from "./goods.ts";
import { gid, steadyId } from "./ids.ts";
import { metafieldNode, setMetafields, deleteMetafields, type MetafieldWish } from "./metafields.ts";
import { decimal, type Both } from "./money.ts";
import { financialStatus, totalsOf, type Order } from "./orders.ts";
import { planOf, type Shop } from "./shop.ts";

const MAX_PAGE = 250;

type Page = { first?: number | null; after?: string | null; reverse?: boolean | null; query?: string | null };
type Named = { id: string; updatedAt: string };

/** One page of a connection; the cursor is the id of the last node, encoded. */
function connection<Node extends Named>(all: Node[], page: Page) {
  const after = page.after ? Buffer.from(page.after, "base64url").toString() : null;
  const since = /updated_at:>=?'?([^'\s]+)/.exec(page.query ?? "")?.[1];
  const found = since ? all.filter((node) => node.updatedAt >= since) : all;
  const turned = page.reverse ? found.toReversed() : found;
  const start = after === null ? 0 : turned.findIndex((node) => node.id === after) + 1;
  const nodes = turned.slice(start, start + Math.min(page.first ?? 10, MAX_PAGE));
  const cursorOf = (node: Node | undefined) => (node ? Buffer.from(node.id).toString("base64url") : null);
  return {
    nodes,
    edges: nodes.map((node) => ({ cursor: cursorOf(node) ?? "", node })),
    pageInfo: {
      hasNextPage: start + nodes.length < turned.length,
      hasPreviousPage: start > 0,
      startCursor: cursorOf(nodes[0]),
      endCursor: cursorOf(nodes.at(-1)),
    },
  };
}

const owned = (shop: Shop, ownerId: string) => ({
  metafield: ({ namespace, key }: { namespace?: string; key: string }) =>
    metafieldNode(shop, ownerId, namespace ?? "$app", key),
});

const money = (amount: bigint, currencyCode: string) => ({
  amount: decimal(amount, currencyCode),
  currencyCode,
});
const bag = (order: Order, amount: Both) => ({
  shopMoney: money(amount.shop, order.currency.shop),
  presentmentMoney: money(amount.presentment, order.currency.presentment),
});

function customerNode(shop: Shop, customer: Customer) {
  const orders = shop.orders.filter((order) => order.customer?.id === customer.id);
  const spent = orders.reduce((sum, order) => sum + totalsOf(order).nowTotal.shop, 0n);
  return {
    __typename: "Customer",
    id: customer.gid,
    legacyResourceId: customer.id.toString(),
    firstName: customer.firstName,
    lastName: customer.lastName,
    displayName: `${customer.firstName} ${customer.lastName}`,
    defaultEmailAddress: { emailAddress: customer.email },
    verifiedEmail: customer.verifiedEmail,
    locale: customer.locale,
    state: "ENABLED",
    tags: customer.tags,
    numberOfOrders: orders.length.toString(),
    amountSpent: money(spent, shop.currency),
    createdAt: customer.createdAt,
    updatedAt: orders[0]?.updatedAt ?? customer.createdAt,
    ...owned(shop, customer.gid),
  };
}

function orderNode(shop: Shop, order: Order) {
  const totals = totalsOf(order);
  return {
    __typename: "Order",
    id: gid("Order", order.id),
    legacyResourceId: order.id.toString(),
    name: `#${order.number}`,
    email: order.email,
    createdAt: order.createdAt,
    processedAt: order.createdAt,
    updatedAt: order.updatedAt,
    cancelledAt: order.cancelledAt,
    test: order.test,
    taxesIncluded: order.taxesIncluded,
    currencyCode: order.currency.shop,
    presentmentCurrencyCode: order.currency.presentment,
    displayFinancialStatus: financialStatus(order).toUpperCase(),
    sourceName: order.sourceName,
    customer: order.customer ? customerNode(shop, order.customer) : null,
    subtotalPriceSet: bag(order, totals.subtotal),
    currentSubtotalPriceSet: bag(order, totals.nowSubtotal),
    totalPriceSet: bag(order, totals.total),
    currentTotalPriceSet: bag(order, totals.nowTotal),
    totalTaxSet: bag(order, totals.tax),
    totalDiscountsSet: bag(order, totals.discounts),
    totalShippingPriceSet: bag(order, order.shipping),
    totalTipReceivedSet: bag(order, order.tip),
  };
}

const shopNode = (shop: Shop) => ({
  __typename: "Shop",
  id: gid("Shop", shop.id),
  name: shop.name,
  email: `owner@${shop.handle}.example.com`,
  contactEmail: `hello@${shop.handle}.example.com`,
  myshopifyDomain: shop.domain,
  primaryDomain: { host: shop.domain, url: `https://${shop.domain}` },
  url: `https://${shop.domain}`,
  currencyCode: shop.currency,
  enabledPresentmentCurrencies: [shop.currency],
  ianaTimezone: shop.timeZone,
  taxesIncluded: shop.taxesIncluded,
  plan: { shopifyPlus: false, partnerDevelopment: false },
  shopOwnerName: "Demo Owner",
  ...owned(shop, gid("Shop", shop.id)),
});

function activeSubscriptions(shop: Shop) {
  const plan = planOf(shop);
  // A frozen subscription is still listed; a cancelled one is not.
  if (plan.name === null || plan.status === "CANCELLED") return [];
  const pricing = {
    __typename: "AppRecurringPricing",
    interval: "EVERY_30_DAYS",
    price: { amount: `${plan.price}.00`, currencyCode: "USD" },
    planHandle: plan.handle,
  };
  return [
    {
      id: gid("AppSubscription", shop.id + 1n),
      name: plan.name,
      status: plan.status,
      test: true,
      trialDays: 0,
      createdAt: "2026-01-05T10:00:00Z",
      currentPeriodEnd: new Date(Date.now() + 30 * 86_400_000).toISOString(),
      lineItems: [
        {
          id: `${gid("AppSubscriptionLineItem", shop.id + 1n)}?v=1&index=0`,
          plan: { pricingDetails: pricing },
        },
      ],
    },
  ];
}

/** The root of every answer for one shop: fields and mutations by name. */
export function adminAnswers(shop: Shop, app: AppConfig & { apiKey: string }) {
  const appNode = {
    __typename: "App",
    id: gid("App", steadyId("app", app.handle)),
    handle: app.handle,
    title: app.name,
    apiKey: app.apiKey,
  };
  const installation = {
    __typename: "AppInstallation",
    id: gid("AppInstallation", shop.id + 2n),
    app: appNode,
    accessScopes: app.scopes
      .split(",")
      .map((handle) => ({ handle: handle.trim(), description: handle.trim() })),
    activeSubscriptions: () => activeSubscriptions(shop),
    ...owned(shop, gid("AppInstallation", shop.id + 2n)),
  };
  const customer = ({ id }: { id: string }) => {
    const found = [...shop.customers.values()].find((candidate) => candidate.gid === id);
    return found ? customerNode(shop, found) : null;
  };
  const order = ({ id }: { id: string }) => {
    const found = shop.orders.find((candidate) => gid("Order", candidate.id) === id);
    return found ? orderNode(shop, found) : null;
  };
  return {
    shop: () => shopNode(shop),
    shopLocales: () => [
      { locale: shop.locale, primary: true, name: shop.locale === "de" ? "German" : "English" },
    ],
    app: () => appNode,
    currentAppInstallation: installation,
    node: (named: { id: string }) => customer(named) ?? order(named),
    customer,
    customers: (page: Page) =>
      connection(
        [...shop.customers.values()].map((one) => customerNode(shop, one)),
        page,
      ),
    order,
    orders: (page: Page) =>
      connection(
        shop.orders.toReversed().map((one) => orderNode(shop, one)),
        page,
      ),
    metafieldsSet: (wish: { metafields: MetafieldWish[] }) => setMetafields(shop, wish.metafields),
    metafieldsDelete: (wish: { metafields: MetafieldWish[] }) => deleteMetafields(shop, wish.metafields),
  };
}
