// An order as Shopify's webhooks carry it: the full body of orders/* topics.
import { customerBody } from "./customer-body.ts";
import { gid } from "./ids.ts";
import { lineBody, moneySet, priced, taxLine } from "./line-body.ts";
import { decimal, isSome, NOTHING } from "./money.ts";
import { financialStatus, netOf, totalsOf, type Line, type Order } from "./orders.ts";
import { refundBody } from "./refund-body.ts";

function discountFields(order: Order) {
  if (!order.discount) return { discount_applications: [], discount_codes: [] };
  const { code, title, percent } = order.discount;
  const amount = decimal(totalsOf(order).discounts.shop, order.currency.shop);
  const type = percent === null ? "fixed_amount" : "percentage";
  const value = percent === null ? amount : `${percent}.0`;
  return {
    discount_applications: [
      {
        target_type: "line_item",
        type: code === null ? "automatic" : "discount_code",
        value,
        value_type: type,
        allocation_method: "across",
        target_selection: "all",
        ...(code === null ? { title, description: title } : { code }),
      },
    ],
    discount_codes: code === null ? [] : [{ code, amount, type }],
  };
}

const shippingLines = (order: Order) =>
  !isSome(order.shipping)
    ? []
    : [
        {
          id: order.id + 1n,
          carrier_identifier: null,
          code: "Standard",
          current_discounted_price_set: moneySet(order, totalsOf(order).nowShipping),
          ...priced(order, "discounted_price", order.shipping),
          is_removed: false,
          phone: null,
          ...priced(order, "price", order.shipping),
          requested_fulfillment_service_id: null,
          source: "shopify",
          title: "Standard",
          tax_lines: [],
          discount_allocations: [],
        },
      ];

function sums(order: Order) {
  const totals = totalsOf(order);
  return {
    ...priced(order, "current_subtotal_price", totals.nowSubtotal),
    ...priced(order, "current_total_discounts", totals.nowDiscounts),
    ...priced(order, "current_total_price", totals.nowTotal),
    ...priced(order, "current_total_tax", totals.nowTax),
    current_shipping_price_set: moneySet(order, totals.nowShipping),
    current_total_additional_fees_set: null,
    current_total_duties_set: null,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    ...priced(order, "subtotal_price", totals.subtotal),
    ...priced(order, "total_discounts", totals.discounts),
    ...priced(order, "total_line_items_price", totals.goods),
    ...priced(order, "total_price", totals.total),
    ...priced(order, "total_tax", totals.tax),
    total_shipping_price_set: moneySet(order, order.shipping),
    total_cash_rounding_payment_adjustment_set: moneySet(order, NOTHING),
    total_cash_rounding_refund_adjustment_set: moneySet(order, NOTHING),
    total_outstanding: decimal(0n, order.currency.shop),
    total_tip_received: decimal(order.tip.shop, order.currency.shop),
    tax_lines: isSome(totals.tax) ? [taxLine(order, totals.tax)] : [],
  };
}

/** The body of orders/paid, orders/updated and orders/cancelled as the order stands now. */
export const orderBody = (order: Order) => ({
  id: order.id,
  admin_graphql_api_id: gid("Order", order.id),
  app_id: 580111,
  browser_ip: "203.0.113.10",
  buyer_accepts_marketing: false,
  cancel_reason: order.cancelledAt ? "customer" : null,
  cancelled_at: order.cancelledAt,
  cart_token: null,
  checkout_id: order.id + 2n,
  client_details: null,
  closed_at: order.cancelledAt,
  company: null,
  confirmation_number: `D${order.number}`,
  confirmed: true,
  contact_email: order.email,
  created_at: order.createdAt,
  currency: order.currency.shop,
  customer_locale: order.customer?.locale ?? "en",
  device_id: null,
  duties_included: false,
  email: order.email ?? "",
  estimated_taxes: false,
  financial_status: financialStatus(order),
  fulfillment_status: null,
  landing_site: "/",
  location_id: null,
  merchant_of_record_app_id: null,
  name: `#${order.number}`,
  note: null,
  note_attributes: [],
  number: order.number - 1000,
  order_number: order.number,
  payment_gateway_names: order.gateways,
  payment_terms: null,
  phone: null,
  po_number: null,
  presentment_currency: order.currency.presentment,
  processed_at: order.createdAt,
  reference: null,
  referring_site: "",
  source_identifier: null,
  source_name: order.sourceName,
  source_url: null,
  tags: "",
  tax_exempt: false,
  taxes_included: order.taxesIncluded,
  test: order.test,
  total_weight: order.lines.reduce(
    (grams, line) => grams + (line.product.giftCard ? 0 : 400 * line.quantity),
    0,
  ),
  updated_at: order.updatedAt,
  user_id: null,
  ...sums(order),
  ...discountFields(order),
  billing_address: null,
  customer: order.customer ? customerBody(order.customer, order.currency.shop, order.updatedAt) : null,
  fulfillments: [],
  line_item_groups: [],
  line_items: order.lines.map((line) => lineBody(order, line)),
  refunds: order.refunds.map((refund) => refundBody(order, refund)),
  returns: [],
  shipping_address: null,
  shipping_lines: shippingLines(order),
});

/** The body of orders/edited: which lines went up and down, without the order itself. */
export const orderEditBody = (order: Order, line: Line, before: number) => ({
  order_edit: {
    id: order.id + 3n,
    app_id: null,
    created_at: order.updatedAt,
    committed_at: order.updatedAt,
    notify_customer: false,
    order_id: order.id,
    staff_note: "",
    user_id: null,
    line_items: {
      additions: line.current > before ? [{ id: line.id, delta: line.current - before }] : [],
      removals: line.current < before ? [{ id: line.id, delta: before - line.current }] : [],
    },
    discounts: { line_item: { additions: [], removals: [] } },
    shipping_lines: { additions: [], removals: [] },
  },
});

/** For lists: an order's number, sum and how it stands. */
export const orderSummary = (order: Order) => ({
  id: order.id.toString(),
  name: `#${order.number}`,
  createdAt: order.createdAt,
  customer: order.customer
    ? `${order.customer.firstName} ${order.customer.lastName}`
    : (order.email ?? "Guest"),
  guest: order.customer === null,
  status: order.cancelledAt ? "cancelled" : financialStatus(order),
  total: `${decimal(totalsOf(order).nowTotal.presentment, order.currency.presentment)} ${order.currency.presentment}`,
  lines: order.lines.map((line) => ({
    id: line.id.toString(),
    title: line.product.title,
    quantity: line.quantity,
    current: line.current,
    net: decimal(netOf(line).shop, order.currency.shop),
  })),
});
