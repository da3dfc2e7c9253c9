// From one of Shopify's webhooks to what it does to orders and members: read the body, call the use case.
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { customerFrom, mergeFrom } from "../shopify/customer.ts";
import type { Inbound } from "../shopify/inbound.server.ts";
import { orderFrom } from "../shopify/order.ts";
import { refundFrom } from "../shopify/refund.ts";
import { findShop } from "../shops/queries.server.ts";
import { mergeCustomers } from "./merge-customers.server.ts";
import { recordCustomer, recordCustomerDeleted } from "./record-customer.server.ts";
import { recordOrder } from "./record-order.server.ts";

/** orders/paid, orders/updated, orders/cancelled. Refuses a body without an order's id; else as `recordOrder`. */
export async function hearOrder({ shop, body, ...received }: Inbound): Promise<Result<unknown>> {
  const seen = orderFrom(body);
  return seen.ok ? recordOrder(shop, { kind: "order", seen: seen.value }, received) : seen;
}

/** refunds/create. Refuses a body without the ids of refund and order; else as `recordOrder`. */
export async function hearRefund({ shop, body, ...received }: Inbound): Promise<Result<unknown>> {
  const seen = refundFrom(body);
  return seen.ok ? recordOrder(shop, { kind: "refund", seen: seen.value }, received) : seen;
}

/** customers/create, customers/update. Refuses a body without a customer's id, and an unknown shop. */
export async function hearCustomer({ shop, body }: Inbound): Promise<Result<unknown>> {
  const seen = customerFrom(body);
  if (!seen.ok) return seen;
  if ((await findShop(shop)) === null) return refuse("shop_unknown");
  return accept(await recordCustomer(shop, seen.value));
}

/** customers/delete. Refuses a body without a customer's id, and an unknown shop. */
export async function hearCustomerDeleted({ shop, body }: Inbound): Promise<Result<unknown>> {
  const seen = customerFrom(body);
  if (!seen.ok) return seen;
  if ((await findShop(shop)) === null) return refuse("shop_unknown");
  return accept(await recordCustomerDeleted(shop, seen.value.gid));
}

/** customers/merge. Refuses a merge that has failed or lacks an id, and an unknown shop. */
export async function hearMerge({ shop, body }: Inbound): Promise<Result<unknown>> {
  const seen = mergeFrom(body);
  if (!seen.ok) return seen;
  if ((await findShop(shop)) === null) return refuse("shop_unknown");
  return accept(await mergeCustomers(shop, seen.value));
}
