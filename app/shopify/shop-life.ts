// The bodies that tell of a shop's life: its subscription to the app, its scopes, and what the law asks for.
import { z } from "zod";
import { digitsOf, gid, shopIdFrom } from "../loyalty/ids.ts";
import type { ShopId } from "../loyalty/ids.ts";
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { emailFrom, instantFrom, text, timeFrom, unknowns } from "./fields.ts";

/** Orders that one compliance webhook names at the most; what is beyond is found through its customer. */
const ORDERS_MAX = 10_000;

const subscriptionBody = z.object({
  app_subscription: z.object({
    admin_graphql_api_id: text.default(null),
    name: text.default(null),
    plan_handle: text.default(null),
    status: text.default(null),
    updated_at: text.default(null),
  }),
});

/** What app_subscriptions/update tells. */
export type SubscriptionSaid = {
  readonly id: string | null;
  /** The plan's handle and name, as far as they were said, the surer one first. */
  readonly names: readonly string[];
  /** ACTIVE, FROZEN, CANCELLED, … */
  readonly status: string;
  /** Null where Shopify did not say. */
  readonly updatedAt: Date | null;
};

/** Reads app_subscriptions/update; refuses a body without a subscription's status. */
export function subscriptionFrom(body: unknown): Result<SubscriptionSaid> {
  const parsed = subscriptionBody.safeParse(body);
  if (!parsed.success) return refuse("subscription_missing");
  const { admin_graphql_api_id: id, name, plan_handle, status, updated_at } = parsed.data.app_subscription;
  if (status === null) return refuse("subscription_missing", { field: "status" });
  return accept({
    id,
    names: [plan_handle, name].filter((said) => said !== null),
    status: status.toUpperCase(),
    updatedAt: timeFrom(instantFrom(updated_at)),
  });
}

const scopesBody = z.object({ current: z.array(z.string()) });

/** Reads app/scopes_update: the granted scopes, sorted, as "read_customers,read_orders". */
export function scopesFrom(body: unknown): Result<string> {
  const parsed = scopesBody.safeParse(body);
  if (!parsed.success) return refuse("scopes_missing");
  return accept([...new Set(parsed.data.current)].sort().join(","));
}

const personBody = z.object({
  shop_domain: text.default(null),
  customer: z
    .object({ id: text.default(null), email: text.default(null) })
    .nullable()
    .default(null),
  orders_requested: unknowns.default([]),
  orders_to_redact: unknowns.default([]),
  data_request: z
    .object({ id: text.default(null) })
    .nullable()
    .default(null),
});

/** Whom customers/data_request and customers/redact are about. */
export type Person = {
  /** Digits; null for one who never had an account. */
  readonly customerId: string | null;
  /** Trimmed, lower-case. */
  readonly email: string | null;
  /** Digits of the orders that Shopify names. */
  readonly orderIds: readonly string[];
  /** Of a data request. */
  readonly requestId: string | null;
};

/** Reads customers/data_request and customers/redact; refuses one that is about nobody. */
export function personFrom(body: unknown): Result<Person> {
  const parsed = personBody.safeParse(body);
  if (!parsed.success) return refuse("body_not_an_object");
  const { customer, orders_requested, orders_to_redact, data_request } = parsed.data;
  const customerGid = gid("Customer", customer?.id ?? "");
  const email = emailFrom(customer?.email ?? null);
  const orderIds = [...orders_requested, ...orders_to_redact]
    .slice(0, ORDERS_MAX)
    .filter((id): id is string => typeof id === "string" && gid("Order", id) !== null);
  if (customerGid === null && email === null && orderIds.length === 0) return refuse("customer_id_missing");
  return accept({
    customerId: customerGid === null ? null : digitsOf(customerGid),
    email,
    orderIds,
    requestId: data_request?.id ?? null,
  });
}

const Named = z.union([
  z.object({ shop_domain: z.string() }).transform((body) => body.shop_domain),
  z.object({ myshopify_domain: z.string() }).transform((body) => body.myshopify_domain),
]);

/**
 * The shop that a body names itself, as those of the compliance topics and of app/uninstalled do: the signature covers
 * the body and no header, so what takes data away asks here. Null: not said.
 */
export function shopNamedBy(body: unknown): ShopId | null {
  const named = Named.safeParse(body);
  return named.success ? shopIdFrom(named.data) : null;
}
