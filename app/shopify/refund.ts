// A refund in Shopify's words → refund facts: the body of refunds/create, and each of an order's `refunds`.
import { z } from "zod";
import type { OrderGid, RefundGid } from "../loyalty/ids.ts";
import type { RefundFacts } from "../loyalty/order.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { idFrom, instantFrom, moneySet, text, unitsFrom, unknowns } from "./fields.ts";
import { addDecimals, moneyReader } from "./money-reader.ts";
import type { MoneyReader } from "./money-reader.ts";

const refundBody = z.object({
  id: text.default(null),
  admin_graphql_api_id: text.default(null),
  order_id: text.default(null),
  processed_at: text.default(null),
  created_at: text.default(null),
  refund_line_items: unknowns.default([]),
  order_adjustments: unknowns.default([]),
  refund_shipping_lines: unknowns.default([]),
});
const lineBody = z.object({
  quantity: text.default(null),
  line_item_id: text.default(null),
  line_item: z
    .object({ admin_graphql_api_id: text.default(null) })
    .nullable()
    .catch(null)
    .default(null),
});
const adjustmentBody = z.object({
  kind: text.default(null),
  amount: text.default(null),
  amount_set: moneySet.default(null),
  tax_amount: text.default(null),
  tax_amount_set: moneySet.default(null),
});
const shippingBody = z.object({ subtotal_amount_set: moneySet.default(null) });

/** What refunds/create tells. `at`: sortable UTC text of when Shopify made the refund. */
export type RefundSeen = { order: OrderGid; refund: RefundFacts; at: string | null };

/** Reads the body of refunds/create. Refuses one without a refund's or an order's id; all else reads as missing. */
export function refundFrom(body: unknown): Result<RefundSeen> {
  const parsed = refundBody.safeParse(body);
  if (!parsed.success) return refuse("body_not_an_object");
  const order = idFrom("Order", null, parsed.data.order_id);
  if (!order) return refuse("order_id_missing");
  const refund = refundFactsFrom(
    body,
    shopCurrencyOf(parsed.data.order_adjustments, parsed.data.refund_shipping_lines),
  );
  if (!refund) return refuse("refund_id_missing");
  const at = instantFrom(parsed.data.processed_at) ?? instantFrom(parsed.data.created_at);
  return accept({ order, refund, at });
}

/** Reads one refund; null without an id. Plain amounts are read as the order's own currency. */
export function refundFactsFrom(body: unknown, currency: string | null): RefundFacts | null {
  const parsed = refundBody.safeParse(body);
  if (!parsed.success) return null;
  const { data } = parsed;
  const id: RefundGid | null = idFrom("Refund", data.admin_graphql_api_id, data.id);
  if (!id) return null;
  const money = moneyReader(currency, currency);
  const lines = data.refund_line_items.flatMap((line) => linesFrom(line));
  const adjusted = adjustmentsFrom(data.order_adjustments, money);
  const shipping = adjusted.shipping ?? shippingLinesFrom(data.refund_shipping_lines, money);
  return {
    id,
    lines,
    discrepancy: adjusted.discrepancy,
    shipping,
    shippingTax: adjusted.shippingTax,
    unreadable: money.unreadable.map((field) => `refunds[${id}].${field}`),
  };
}

function linesFrom(body: unknown): RefundFacts["lines"] {
  const { data } = lineBody.safeParse(body);
  const line = idFrom("LineItem", data?.line_item?.admin_graphql_api_id ?? null, data?.line_item_id ?? null);
  const quantity = unitsFrom(data?.quantity ?? null);
  return line && quantity ? [{ line, quantity }] : [];
}

type Adjusted = { discrepancy: string; shipping: string | null; shippingTax: string };

function adjustmentsFrom(bodies: readonly unknown[], money: MoneyReader): Adjusted {
  const adjustments = bodies.flatMap((body, index) => {
    const { data } = adjustmentBody.safeParse(body);
    if (!data) return [];
    const amount = money.read(
      { set: data.amount_set, plain: data.amount },
      `order_adjustments[${index}].amount`,
    );
    const tax = money.read(
      { set: data.tax_amount_set, plain: data.tax_amount },
      `order_adjustments[${index}].tax_amount`,
    );
    return [{ kind: data.kind, amount, tax }];
  });
  const shipping = adjustments.filter((adjustment) => adjustment.kind === "shipping_refund");
  const discrepancies = adjustments.filter((adjustment) => adjustment.kind === "refund_discrepancy");
  return {
    discrepancy: addDecimals(discrepancies.map((adjustment) => adjustment.amount)),
    shipping: shipping.length === 0 ? null : addDecimals(shipping.map((adjustment) => adjustment.amount)),
    shippingTax: addDecimals(shipping.map((adjustment) => adjustment.tax)),
  };
}

// Newer bodies list refunded shipping by line, as positive amounts, and then have no adjustment for it.
function shippingLinesFrom(bodies: readonly unknown[], money: MoneyReader): string {
  const amounts = bodies.map((body, index) => {
    const { data } = shippingBody.safeParse(body);
    return money.read(
      { set: data?.subtotal_amount_set ?? null, plain: null },
      `refund_shipping_lines[${index}]`,
    );
  });
  return addDecimals(amounts.map((amount) => (amount.startsWith("-") ? amount : `-${amount}`)));
}

// Alone, a refund states its currency only beside its amounts.
function shopCurrencyOf(adjustments: readonly unknown[], shippingLines: readonly unknown[]): string | null {
  const sets = [
    ...adjustments.map((body) => adjustmentBody.safeParse(body).data?.amount_set),
    ...shippingLines.map((body) => shippingBody.safeParse(body).data?.subtotal_amount_set),
  ];
  return sets.find((set) => set)?.shop_money.currency_code ?? null;
}
