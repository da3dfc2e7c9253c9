// An order in Shopify's words → order facts. Tolerant: what is odd reads as missing or is named as unreadable.
import { z } from "zod";
import { isCurrency } from "../loyalty/money.ts";
import type { LineFacts, OrderFacts, ShippingFacts } from "../loyalty/order.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { customerFrom } from "./customer.ts";
import type { CustomerSeen } from "./customer.ts";
import { emailFrom, flag, idFrom, instantFrom, moneySet, shortText, text, unknowns } from "./fields.ts";
import { lineFrom, shippingLineFrom } from "./order-lines.ts";
import { moneyReader } from "./money-reader.ts";
import type { MoneyReader } from "./money-reader.ts";
import { refundFactsFrom } from "./refund.ts";

/** Lines that one order may have: Shopify's own limit is 500. */
const MAX_LINES = 2_000;

const orderBody = z.object({
  id: text.default(null),
  admin_graphql_api_id: text.default(null),
  name: text.default(null),
  order_number: text.default(null),
  currency: text.default(null),
  taxes_included: flag.default(false),
  test: flag.default(false),
  source_name: text.default(null),
  financial_status: text.default(null),
  cancelled_at: text.default(null),
  updated_at: text.default(null),
  processed_at: text.default(null),
  created_at: text.default(null),
  email: text.default(null),
  contact_email: text.default(null),
  total_price: text.default(null),
  total_price_set: moneySet.default(null),
  subtotal_price_set: moneySet.default(null),
  total_tip_received: text.default(null),
  total_tip_received_set: moneySet.default(null),
  line_items: z.array(z.unknown()).nullable().catch(null).default(null),
  shipping_lines: unknowns.default([]),
  refunds: unknowns.default([]),
  customer: z.unknown().optional(),
});
type OrderBody = z.infer<typeof orderBody>;

/** What one body tells: the facts that are kept, and the personal data that goes to the member, not to the facts. */
export type OrderSeen = {
  readonly facts: OrderFacts;
  /** Sortable UTC text; null where Shopify did not say. */
  readonly updatedAt: string | null;
  readonly processedAt: string | null;
  /** `email`, else `contact_email`; trimmed, lower-case. */
  readonly email: string | null;
  readonly customer: CustomerSeen | null;
};

/** Reads an order's body (any orders topic). Refuses one without an order's id; all else is read as far as it goes. */
export function orderFrom(body: unknown): Result<OrderSeen> {
  const parsed = orderBody.safeParse(body);
  if (!parsed.success) return refuse("body_not_an_object");
  const { data } = parsed;
  const id = idFrom("Order", data.admin_graphql_api_id, data.id);
  if (!id) return refuse("order_id_missing");
  const customer = customerFrom(data.customer ?? null);
  return accept({
    facts: { id, ...factsFrom(data), customer: customer.ok ? customer.value.gid : null },
    updatedAt: instantFrom(data.updated_at),
    processedAt: instantFrom(data.processed_at) ?? instantFrom(data.created_at),
    email: emailFrom(data.email) ?? emailFrom(data.contact_email),
    customer: customer.ok ? customer.value : null,
  });
}

function factsFrom(data: OrderBody): Omit<OrderFacts, "id" | "customer"> {
  const currency = currencyOf(data);
  const money = moneyReader(currency, data.currency);
  const lines = linesFrom(data, money);
  const shipping = data.shipping_lines
    .slice(0, MAX_LINES)
    .flatMap((line, index): readonly ShippingFacts[] => shippingLineFrom(line, index, money));
  const tip = money.read(
    { set: data.total_tip_received_set, plain: data.total_tip_received },
    "total_tip_received",
  );
  const refunds = data.refunds
    .slice(0, MAX_LINES)
    .flatMap((refund) => refundFactsFrom(refund, currency) ?? []);
  const total = moneyReader(currency, data.currency).read(
    { set: data.total_price_set, plain: data.total_price },
    "total_price",
  );
  return {
    name: shortText(data.name),
    number: shortText(data.order_number) || null,
    currency,
    taxesIncluded: data.taxes_included,
    test: data.test,
    draft: data.source_name === "shopify_draft_order",
    financialStatus: data.financial_status,
    cancelled: data.cancelled_at !== null && data.cancelled_at !== "",
    total: data.total_price === null && data.total_price_set === null ? null : total,
    lines,
    shipping,
    tip,
    refunds,
    unreadable: [...money.unreadable],
  };
}

function linesFrom(data: OrderBody, money: MoneyReader): readonly LineFacts[] {
  if (data.line_items === null) money.need({ set: null, plain: null }, "line_items");
  const bodies = data.line_items ?? [];
  if (bodies.length > MAX_LINES) money.need({ set: null, plain: null }, `line_items beyond ${MAX_LINES}`);
  return bodies.slice(0, MAX_LINES).map((body, index) => lineFrom(body, index, money));
}

// The currency of the shop's money, wherever the body states it first; else the order's own.
function currencyOf(data: OrderBody): string | null {
  const stated = data.total_price_set ?? data.subtotal_price_set ?? firstLineSet(data.line_items ?? []);
  const code = stated?.shop_money.currency_code ?? data.currency;
  return code !== null && isCurrency(code) ? code : null;
}

const priced = z.object({ price_set: moneySet.default(null) });

function firstLineSet(lines: readonly unknown[]): z.infer<typeof moneySet> {
  const { data } = priced.safeParse(lines[0]);
  return data?.price_set ?? null;
}
