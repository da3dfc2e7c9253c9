// What a merchant or buyer does in the demo, and the webhooks that Shopify sends for it.
import {
  appSubscriptionBody,
  complianceBody,
  customerBody,
  customerDeletedBody,
  customersMergedBody,
  scopesBody,
  shopBody,
} from "./customer-body.ts";
import type { Customer } from "./goods.ts";
import { gid, nextId } from "./ids.ts";
import { orderBody, orderEditBody } from "./order-body.ts";
import {
  cancelOrder,
  editOrder,
  placeOrder,
  refundOrder,
  type Order,
  type OrderWish,
  type RefundWish,
} from "./orders.ts";
import type { PlanName } from "./plans.ts";
import { refundBody } from "./refund-body.ts";
import type { Shop, ShopWish } from "./shop.ts";
import type { Happening, SentWebhook, WebhookSender } from "./webhook-sender.ts";

export type ComplianceTopic = keyof typeof complianceBody;

const about = (order: Order, topic: string, body: unknown): Happening => ({
  topic,
  body,
  extra: { "X-Shopify-Order-Id": order.id.toString(), "X-Shopify-Test": String(order.test) },
});

type Tell = (shop: Shop, ...happenings: Happening[]) => SentWebhook[];

// Each action returns the webhooks sent; undefined where there was nothing left to do.
const orderActions = (sender: WebhookSender, tell: Tell) => ({
  place(shop: Shop, wish: OrderWish): { order: Order; webhooks: SentWebhook[] } {
    const order = placeOrder(shop, wish, Date.now());
    const body = orderBody(order);
    return {
      order,
      webhooks: tell(shop, about(order, "orders/create", body), about(order, "orders/paid", body)),
    };
  },
  refund(shop: Shop, order: Order, wish: RefundWish): SentWebhook[] | undefined {
    const refund = refundOrder(order, wish, Date.now());
    if (!refund) return undefined;
    return tell(
      shop,
      about(order, "refunds/create", refundBody(order, refund)),
      about(order, "orders/updated", orderBody(order)),
    );
  },
  cancel(shop: Shop, order: Order): SentWebhook[] | undefined {
    const refunded = order.refunds.length;
    if (!cancelOrder(order, Date.now())) return undefined;
    const body = orderBody(order);
    const refunds = order.refunds
      .slice(refunded)
      .map((one) => about(order, "refunds/create", refundBody(order, one)));
    return tell(
      shop,
      ...refunds,
      about(order, "orders/cancelled", body),
      about(order, "orders/updated", body),
    );
  },
  edit(shop: Shop, order: Order, lineId: bigint, quantity: number): SentWebhook[] | undefined {
    const line = order.lines.find((candidate) => candidate.id === lineId);
    const before = line?.current ?? 0;
    if (!line || !editOrder(order, lineId, quantity, Date.now())) return undefined;
    return tell(
      shop,
      about(order, "orders/edited", orderEditBody(order, line, before)),
      about(order, "orders/updated", orderBody(order)),
    );
  },
  /** Sends an order's last `orders/paid` once more: the same bytes, the same webhook id. */
  redeliver(shop: Shop, order: Order): SentWebhook[] | undefined {
    const sent = sender
      .log()
      .find(
        (webhook) =>
          webhook.shop === shop.domain &&
          webhook.topic === "orders/paid" &&
          webhook.body.includes(`"${gid("Order", order.id)}"`),
      );
    const again = sent && sender.redeliver(sent.webhookId);
    return again && [again];
  },
});

const shopActions = (sender: WebhookSender, tell: Tell) => ({
  plan(shop: Shop, plan: PlanName): SentWebhook[] {
    shop.plan = plan;
    return tell(shop, { topic: "app_subscriptions/update", body: appSubscriptionBody(shop) });
  },
  change(shop: Shop, wish: ShopWish): SentWebhook[] {
    Object.assign(shop, wish);
    return tell(shop, { topic: "shop/update", body: shopBody(shop) });
  },
  scopes: (shop: Shop, scopes: string): SentWebhook[] =>
    tell(shop, { topic: "app/scopes_update", body: scopesBody(shop, scopes.split(",")) }),
  uninstall(shop: Shop): SentWebhook[] | undefined {
    if (shop.installedAt === null) return undefined;
    const sent = tell(shop, { topic: "app/uninstalled", body: shopBody(shop) });
    shop.installedAt = null;
    shop.tokensValidFrom = Date.now() + 1;
    return sent;
  },
  /** Sends a compliance topic; these come after an uninstallation too. */
  comply: (shop: Shop, topic: ComplianceTopic, customer: Customer): SentWebhook[] =>
    sender.send(shop.domain, [{ topic, body: complianceBody[topic](shop, customer) }]),
});

const customerNow = (shop: Shop, customer: Customer) =>
  customerBody(customer, shop.currency, new Date().toISOString());

const customerActions = (tell: Tell) => ({
  createCustomer(shop: Shop, wish: Omit<Customer, "id" | "gid" | "createdAt">) {
    const id = nextId();
    const customer: Customer = {
      ...wish,
      id,
      gid: gid("Customer", id),
      createdAt: new Date().toISOString(),
    };
    shop.customers.set(id, customer);
    return {
      customer,
      webhooks: tell(shop, { topic: "customers/create", body: customerNow(shop, customer) }),
    };
  },
  updateCustomer(shop: Shop, customer: Customer, change: Partial<Customer>): SentWebhook[] {
    Object.assign(customer, change);
    return tell(shop, { topic: "customers/update", body: customerNow(shop, customer) });
  },
  deleteCustomer(shop: Shop, customer: Customer): SentWebhook[] {
    shop.customers.delete(customer.id);
    return tell(shop, { topic: "customers/delete", body: customerDeletedBody(customer) });
  },
  mergeCustomers(shop: Shop, kept: Customer, deleted: Customer): SentWebhook[] {
    for (const order of shop.orders) if (order.customer?.id === deleted.id) order.customer = kept;
    shop.customers.delete(deleted.id);
    return tell(shop, { topic: "customers/merge", body: customersMergedBody(kept, deleted) });
  },
});

export type Actions = ReturnType<typeof openActions>;

/** All that can be done to a demo shop. */
export function openActions(sender: WebhookSender) {
  const tell: Tell = (shop, ...happenings) =>
    // Shopify sends nothing to an app that is not installed, except what the uninstallation itself and the law ask for.
    shop.installedAt === null ? [] : sender.send(shop.domain, happenings);
  return { ...orderActions(sender, tell), ...shopActions(sender, tell), ...customerActions(tell) };
}
