// The lines of an order and of its shipping in Shopify's words → facts.
import { z } from "zod";
import type { LineFacts, ShippingFacts } from "../loyalty/order.ts";
import { flag, idFrom, moneySet, shortText, text, unitsFrom, unknowns } from "./fields.ts";
import { addDecimals } from "./money-reader.ts";
import type { MoneyReader } from "./money-reader.ts";

const lineBody = z.object({
  id: text.default(null),
  admin_graphql_api_id: text.default(null),
  title: text.default(null),
  quantity: text.default(null),
  current_quantity: text.default(null),
  price: text.default(null),
  price_set: moneySet.default(null),
  total_discount: text.default(null),
  total_discount_set: moneySet.default(null),
  discount_allocations: unknowns.default([]),
  tax_lines: unknowns.default([]),
  gift_card: flag.default(false),
  product_id: text.default(null),
  variant_id: text.default(null),
  tip: z.unknown().optional(),
  tip_payment_gateway: z.unknown().optional(),
  tip_payment_method: z.unknown().optional(),
});
type LineBody = z.infer<typeof lineBody>;

const shippingBody = z.object({
  title: text.default(null),
  price: text.default(null),
  price_set: moneySet.default(null),
  discounted_price: text.default(null),
  discounted_price_set: moneySet.default(null),
  discount_allocations: unknowns.default([]),
  is_removed: flag.default(false),
  tax_lines: unknowns.default([]),
});
const allocationBody = z.object({ amount: text.default(null), amount_set: moneySet.default(null) });
const taxBody = z.object({ price: text.default(null), price_set: moneySet.default(null) });

/** Reads a line; a price or quantity that cannot be read is noted in `money.unreadable`. */
export function lineFrom(body: unknown, index: number, money: MoneyReader): LineFacts {
  const field = `line_items[${index}]`;
  const data = lineBody.safeParse(body).data ?? lineBody.parse({});
  const quantity = unitsFrom(data.quantity);
  if (quantity === null) money.need({ set: null, plain: null }, `${field}.quantity`);
  const currentQuantity = unitsFrom(data.current_quantity);
  if (currentQuantity === null && data.current_quantity !== null) {
    money.need({ set: null, plain: null }, `${field}.current_quantity`);
  }
  return {
    id: idFrom("LineItem", data.admin_graphql_api_id, data.id),
    title: shortText(data.title),
    quantity: quantity ?? 0,
    currentQuantity,
    price: money.need({ set: data.price_set, plain: data.price }, `${field}.price`),
    discount: discountOf(data, field, money),
    tax: taxOf(data.tax_lines, field, money),
    giftCard: data.gift_card,
    tip: isTip(data),
  };
}

// A line carries its share of every discount as allocations; bodies without them state their own total.
function discountOf(data: LineBody, field: string, money: MoneyReader): string {
  if (data.discount_allocations.length > 0) return allocated(data.discount_allocations, field, money);
  return money.read({ set: data.total_discount_set, plain: data.total_discount }, `${field}.total_discount`);
}

function allocated(bodies: readonly unknown[], field: string, money: MoneyReader): string {
  const amounts = bodies.map((body) => {
    const { data } = allocationBody.safeParse(body);
    return money.need(
      { set: data?.amount_set ?? null, plain: data?.amount ?? null },
      `${field}.discount_allocations`,
    );
  });
  return addDecimals(amounts);
}

function taxOf(bodies: readonly unknown[], field: string, money: MoneyReader): string {
  const amounts = bodies.map((body) => {
    const { data } = taxBody.safeParse(body);
    return money.read({ set: data?.price_set ?? null, plain: data?.price ?? null }, `${field}.tax_lines`);
  });
  return addDecimals(amounts);
}

// Only tips carry these fields; a tip without them is a line named so that belongs to no product.
function isTip(data: LineBody): boolean {
  const stated = [data.tip, data.tip_payment_gateway, data.tip_payment_method];
  if (stated.some((value) => value !== undefined && value !== null)) return true;
  return data.product_id === null && data.variant_id === null && data.title?.trim().toLowerCase() === "tip";
}

/** Reads a shipping line; none for what is no object. */
export function shippingLineFrom(body: unknown, index: number, money: MoneyReader): readonly ShippingFacts[] {
  const { data } = shippingBody.safeParse(body);
  if (!data) return [];
  const field = `shipping_lines[${index}]`;
  const discounted = { set: data.discounted_price_set, plain: data.discounted_price };
  const full = { set: data.price_set, plain: data.price };
  const hasDiscounted = discounted.set !== null || discounted.plain !== null;
  const price = hasDiscounted
    ? money.read(discounted, `${field}.discounted_price`)
    : addDecimals([
        money.read(full, `${field}.price`),
        negated(allocated(data.discount_allocations, field, money)),
      ]);
  return [
    {
      title: shortText(data.title),
      price,
      tax: taxOf(data.tax_lines, field, money),
      removed: data.is_removed,
    },
  ];
}

function negated(decimal: string): string {
  return decimal.startsWith("-") ? decimal.slice(1) : `-${decimal}`;
}
