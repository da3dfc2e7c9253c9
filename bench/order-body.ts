// A paid order of fifty, as Shopify writes it, as text: what the order bench sends.

function money(amount: string): { shop_money: { amount: string; currency_code: string } } {
  return { shop_money: { amount, currency_code: "USD" } };
}

/** The body of order `id` of customer `customerId`, two lines with a discount and tax. */
export function orderText(id: string, customerId: string): string {
  const line = (n: number, price: string): object => ({
    id: Number(`${id}${n}`),
    admin_graphql_api_id: `gid://shopify/LineItem/${id}${n}`,
    title: `Thing ${n}`,
    quantity: 2,
    current_quantity: 2,
    gift_card: false,
    product_id: 8100 + n,
    price,
    price_set: money(price),
    discount_allocations: [{ amount: "5.00", amount_set: money("5.00") }],
    tax_lines: [{ price: "3.00", price_set: money("3.00") }],
  });
  return JSON.stringify({
    id: Number(id),
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name: `#${id}`,
    order_number: Number(id),
    currency: "USD",
    taxes_included: false,
    test: false,
    source_name: "web",
    financial_status: "paid",
    cancelled_at: null,
    updated_at: "2026-11-01T19:00:00Z",
    processed_at: "2026-11-01T19:00:00Z",
    email: `c${customerId}@example.com`,
    customer: {
      id: Number(customerId),
      admin_graphql_api_id: `gid://shopify/Customer/${customerId}`,
      verified_email: false,
    },
    line_items: [line(1, "20.00"), line(2, "10.00")],
    shipping_lines: [],
    total_price: "50.00",
    total_price_set: money("50.00"),
    refunds: [],
  });
}
