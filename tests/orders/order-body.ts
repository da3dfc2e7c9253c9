// Order and refund bodies as Shopify spells them, from a few words: written by us for the tests.
export type LineWords = {
  id?: number;
  price: string;
  quantity?: number;
  current?: number;
  discount?: string;
  totalDiscount?: string;
  tax?: string;
  giftCard?: boolean;
  tip?: boolean;
  title?: string;
};

export type OrderWords = {
  id?: string;
  currency?: string;
  shopMoney?: boolean;
  status?: string | null;
  updatedAt?: string;
  processedAt?: string;
  cancelledAt?: string;
  taxesIncluded?: boolean;
  test?: boolean;
  source?: string;
  customer?: { id: string; email?: string | null; verified?: boolean } | null;
  email?: string | null;
  lines: LineWords[];
  shipping?: { price: string; tax?: string; removed?: boolean }[];
  tip?: string;
  refunds?: RefundWords[];
};

export type RefundWords = {
  id: number;
  order?: string;
  lines?: { line: number; quantity: number }[];
  discrepancy?: string;
  shipping?: string;
  shippingTax?: string;
  currency?: string;
};

const ORDER_ID = "6200000000001";

function amount(name: string, value: string, words: { currency?: string; shopMoney?: boolean }): object {
  const set = { shop_money: { amount: value, currency_code: words.currency ?? "USD" } };
  return { [name]: value, ...(words.shopMoney === false ? {} : { [`${name}_set`]: set }) };
}

function lineBody(line: LineWords, index: number, order: OrderWords): object {
  const id = line.id ?? index + 1;
  const quantity = line.quantity ?? 1;
  return {
    id,
    admin_graphql_api_id: `gid://shopify/LineItem/${id}`,
    title: line.title ?? `Thing ${id}`,
    quantity,
    current_quantity: line.current ?? quantity,
    gift_card: line.giftCard ?? false,
    product_id: line.tip ? null : 8100 + id,
    ...amount("price", line.price, order),
    ...amount("total_discount", line.totalDiscount ?? "0.00", order),
    discount_allocations: line.discount ? [amount("amount", line.discount, order)] : [],
    tax_lines: line.tax ? [amount("price", line.tax, order)] : [],
    ...(line.tip ? { tip_payment_gateway: "shopify_payments" } : {}),
  };
}

function customerBody(customer: NonNullable<OrderWords["customer"]>): object {
  return {
    id: Number(customer.id),
    admin_graphql_api_id: `gid://shopify/Customer/${customer.id}`,
    email: customer.email ?? null,
    verified_email: customer.verified ?? true,
    first_name: "Ada",
    last_name: "Example",
  };
}

/** An order's body as a value; 50.00 USD, paid, of customer 71 unless the words say otherwise. */
export function orderBody(words: Partial<OrderWords> = {}): Record<string, unknown> {
  const order: OrderWords = { lines: [{ price: "50.00" }], ...words };
  const id = order.id ?? ORDER_ID;
  const customer = order.customer === undefined ? { id: "71", email: "ada@example.com" } : order.customer;
  return {
    id: Number(id),
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id.slice(-4)}`,
    order_number: Number(id.slice(-4)),
    currency: order.currency ?? "USD",
    taxes_included: order.taxesIncluded ?? false,
    test: order.test ?? false,
    source_name: order.source ?? "web",
    financial_status: order.status === undefined ? "paid" : order.status,
    cancelled_at: order.cancelledAt ?? null,
    updated_at: order.updatedAt ?? "2026-11-01T19:00:00Z",
    processed_at: order.processedAt ?? "2026-11-01T19:00:00Z",
    email: order.email === undefined ? (customer?.email ?? null) : order.email,
    customer: customer ? customerBody(customer) : null,
    line_items: order.lines.map((line, index) => lineBody(line, index, order)),
    shipping_lines: (order.shipping ?? []).map((line) => ({
      title: "Standard",
      is_removed: line.removed ?? false,
      ...amount("price", line.price, order),
      ...amount("discounted_price", line.price, order),
      tax_lines: line.tax ? [amount("price", line.tax, order)] : [],
    })),
    ...amount("total_price", "50.00", order),
    ...(order.tip ? { total_tip_received: order.tip } : {}),
    refunds: (order.refunds ?? []).map((refund) => refundBody({ order: id, ...refund })),
  };
}

/** A refund's body as a value: of lines, of an amount ("-10.00"), of shipping ("-7.00"). */
export function refundBody(words: RefundWords): Record<string, unknown> {
  const money = { currency: words.currency ?? "USD" };
  const adjustment = (kind: string, value: string, tax: string): object => ({
    kind,
    ...amount("amount", value, money),
    ...amount("tax_amount", tax, money),
  });
  return {
    id: words.id,
    admin_graphql_api_id: `gid://shopify/Refund/${words.id}`,
    order_id: Number(words.order ?? ORDER_ID),
    processed_at: "2026-11-02T09:00:00Z",
    refund_line_items: (words.lines ?? []).map((part) => ({
      quantity: part.quantity,
      line_item_id: part.line,
    })),
    order_adjustments: [
      ...(words.discrepancy ? [adjustment("refund_discrepancy", words.discrepancy, "0.00")] : []),
      ...(words.shipping ? [adjustment("shipping_refund", words.shipping, words.shippingTax ?? "0.00")] : []),
    ],
  };
}
