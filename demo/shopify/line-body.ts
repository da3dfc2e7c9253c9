// The pieces that orders and refunds share in Shopify's bodies: amounts, tax lines, line items.
import { rawNumber } from "./exact-json.ts";
import { gid } from "./ids.ts";
import { decimal, isSome, NOTHING, type Both } from "./money.ts";
import type { Line, Order } from "./orders.ts";

/** An amount in both currencies, as every `*_set` field has it. */
export const moneySet = (order: Order, amount: Both) => ({
  shop_money: { amount: decimal(amount.shop, order.currency.shop), currency_code: order.currency.shop },
  presentment_money: {
    amount: decimal(amount.presentment, order.currency.presentment),
    currency_code: order.currency.presentment,
  },
});

/** `{name: "12.00", name_set: {…}}` */
export const priced = (order: Order, name: string, amount: Both) => ({
  [name]: decimal(amount.shop, order.currency.shop),
  [`${name}_set`]: moneySet(order, amount),
});

const rate = (order: Order) =>
  rawNumber(`${Math.floor(order.taxRate / 10_000)}.${String(order.taxRate % 10_000).padStart(4, "0")}`);

/** One tax line of an order or of a line. */
export const taxLine = (order: Order, amount: Both) => ({
  channel_liable: false,
  ...priced(order, "price", amount),
  rate: rate(order),
  title: order.taxesIncluded ? "VAT" : "Sales tax",
});

/** One line of an order's body; refunds repeat it. */
export const lineBody = (order: Order, line: Line) => ({
  id: line.id,
  admin_graphql_api_id: gid("LineItem", line.id),
  attributed_staffs: [],
  current_quantity: line.current,
  fulfillable_quantity: line.current,
  fulfillment_service: line.product.giftCard ? "gift_card" : "manual",
  fulfillment_status: null,
  gift_card: line.product.giftCard,
  grams: line.product.giftCard ? 0 : 400,
  name: line.product.title,
  ...priced(order, "price", line.unit),
  product_exists: true,
  product_id: line.product.id,
  properties: [],
  quantity: line.quantity,
  requires_shipping: !line.product.giftCard,
  sku: line.product.handle,
  taxable: !line.product.giftCard,
  title: line.product.title,
  // Shopify keeps this at zero where discounts are allocated from the order.
  ...priced(order, "total_discount", NOTHING),
  variant_id: line.product.variantId,
  variant_inventory_management: "shopify",
  variant_title: null,
  vendor: line.product.vendor,
  tax_lines: isSome(line.tax) ? [taxLine(order, line.tax)] : [],
  duties: [],
  discount_allocations: isSome(line.discount)
    ? [{ ...priced(order, "amount", line.discount), discount_application_index: 0 }]
    : [],
});
