// A refund as Shopify's refunds/create carries it, and as every order lists it.
import { rawNumber } from "./exact-json.ts";
import { gid } from "./ids.ts";
import { lineBody, moneySet } from "./line-body.ts";
import { decimal, isSome, negative, NOTHING, type Both } from "./money.ts";
import { refundTotal, type Order, type Refund } from "./orders.ts";

const amounts = (order: Order, name: string, amount: Both) => ({
  // Here, and only here, Shopify writes money as a JSON number.
  [name]: rawNumber(decimal(amount.shop, order.currency.shop)),
  [`${name}_set`]: moneySet(order, amount),
});

function adjustments(order: Order, refund: Refund) {
  const kinds = [
    { kind: "shipping_refund", reason: "Shipping refund", amount: refund.shipping, id: refund.adjustmentId },
    {
      kind: "refund_discrepancy",
      reason: "Refund discrepancy",
      amount: refund.discrepancy,
      id: refund.adjustmentId + 1n,
    },
  ];
  return kinds
    .filter(({ amount }) => isSome(amount))
    .map(({ kind, reason, amount, id }) => ({
      id,
      order_id: order.id,
      refund_id: refund.id,
      kind,
      reason,
      amount: decimal(-amount.shop, order.currency.shop),
      amount_set: moneySet(order, negative(amount)),
      tax_amount: decimal(0n, order.currency.shop),
      tax_amount_set: moneySet(order, NOTHING),
    }));
}

function transaction(order: Order, refund: Refund) {
  const total = refundTotal(order, refund);
  return {
    id: refund.transactionId,
    admin_graphql_api_id: gid("OrderTransaction", refund.transactionId),
    order_id: order.id,
    kind: "refund",
    gateway: order.gateways[0] ?? "manual",
    status: "success",
    message: "Refunded",
    created_at: refund.at,
    processed_at: refund.at,
    test: order.test,
    authorization: null,
    location_id: null,
    user_id: null,
    parent_id: order.id + 4n,
    device_id: null,
    error_code: null,
    source_name: order.sourceName,
    receipt: {},
    amount: decimal(total.presentment, order.currency.presentment),
    currency: order.currency.presentment,
    payment_id: `#${order.number}.2`,
    manual_payment_gateway: false,
  };
}

/** The body of refunds/create. */
export const refundBody = (order: Order, refund: Refund): Record<string, unknown> => ({
  id: refund.id,
  admin_graphql_api_id: gid("Refund", refund.id),
  order_id: order.id,
  created_at: refund.at,
  processed_at: refund.at,
  note: null,
  user_id: null,
  restock: refund.lines.length > 0,
  return: null,
  duties: [],
  total_duties_set: moneySet(order, NOTHING),
  refund_shipping_lines: [],
  order_adjustments: adjustments(order, refund),
  transactions: isSome(refundTotal(order, refund)) ? [transaction(order, refund)] : [],
  refund_line_items: refund.lines.map(({ id, line, quantity, subtotal, tax }) => ({
    id,
    line_item_id: line.id,
    location_id: null,
    quantity,
    restock_type: order.cancelledAt ? "cancel" : "return",
    ...amounts(order, "subtotal", subtotal),
    ...amounts(order, "total_tax", tax),
    line_item: lineBody(order, line),
  })),
});
