// Customers and shops as Shopify's webhooks carry them, and the bodies of the compliance topics.
import type { Customer } from "./goods.ts";
import { gid, nextId } from "./ids.ts";
import { planOf, type Shop } from "./shop.ts";

/** The body of customers/create and customers/update, and an order's `customer`. */
export const customerBody = (customer: Customer, currency: string, updatedAt: string) => ({
  id: customer.id,
  admin_graphql_api_id: customer.gid,
  created_at: customer.createdAt,
  updated_at: updatedAt,
  first_name: customer.firstName,
  last_name: customer.lastName,
  email: customer.email,
  phone: null,
  state: "enabled",
  note: null,
  verified_email: customer.verifiedEmail,
  multipass_identifier: null,
  tax_exempt: false,
  tax_exemptions: [],
  tags: customer.tags.join(", "),
  currency,
  addresses: [],
});

export const customerDeletedBody = (customer: Customer) => ({
  id: customer.id,
  admin_graphql_api_id: customer.gid,
  tax_exemptions: [],
});

export const customersMergedBody = (kept: Customer, deleted: Customer) => ({
  admin_graphql_api_customer_kept_id: kept.gid,
  admin_graphql_api_customer_deleted_id: deleted.gid,
  admin_graphql_api_job_id: null,
  status: "completed",
  errors: [],
});

/** The body of app/uninstalled and shop/update. */
export const shopBody = (shop: Shop) => ({
  id: shop.id,
  name: shop.name,
  email: `owner@${shop.handle}.example.com`,
  domain: shop.domain,
  myshopify_domain: shop.domain,
  country_code: "US",
  currency: shop.currency,
  enabled_presentment_currencies: [shop.currency],
  iana_timezone: shop.timeZone,
  primary_locale: shop.locale,
  money_format: "{{amount}}",
  plan_name: "basic",
  plan_display_name: "Basic",
  taxes_included: shop.taxesIncluded,
  shop_owner: "Demo Owner",
  updated_at: new Date().toISOString(),
});

/** The body of app_subscriptions/update: what the plan switch now says. */
export function appSubscriptionBody(shop: Shop) {
  const plan = planOf(shop);
  return {
    app_subscription: {
      admin_graphql_api_id: gid("AppSubscription", shop.id + 1n),
      name: plan.name ?? "Growth",
      // Going back to the free plan ends the subscription that was.
      status: plan.name === null ? "CANCELLED" : plan.status,
      admin_graphql_api_shop_id: gid("Shop", shop.id),
      created_at: "2026-01-05T10:00:00-05:00",
      updated_at: new Date().toISOString(),
      currency: "USD",
      capped_amount: "0.0",
      price: `${plan.price}.00`,
      interval: "every_30_days",
      plan_handle: plan.handle,
    },
  };
}

export const scopesBody = (shop: Shop, scopes: string[]) => ({
  id: shop.id,
  shop_id: gid("Shop", shop.id),
  previous: scopes,
  current: scopes,
  updated_at: new Date().toISOString(),
});

const ordersOf = (shop: Shop, customer: Customer): bigint[] =>
  shop.orders.filter((order) => order.customer?.id === customer.id).map((order) => order.id);

/** The bodies of the three compliance topics. */
export const complianceBody = {
  "customers/data_request": (shop: Shop, customer: Customer) => ({
    shop_id: shop.id,
    shop_domain: shop.domain,
    orders_requested: ordersOf(shop, customer),
    customer: { id: customer.id, email: customer.email, phone: null },
    data_request: { id: nextId() },
  }),
  "customers/redact": (shop: Shop, customer: Customer) => ({
    shop_id: shop.id,
    shop_domain: shop.domain,
    customer: { id: customer.id, email: customer.email, phone: null },
    orders_to_redact: ordersOf(shop, customer),
  }),
  "shop/redact": (shop: Shop) => ({ shop_id: shop.id, shop_domain: shop.domain }),
};
