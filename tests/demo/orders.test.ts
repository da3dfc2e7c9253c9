// The stand-in's orders: whatever happens to one, its money adds up, in both currencies and in whole minor units.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { exactJson } from "../../demo/shopify/exact-json.ts";
import { CURRENCIES, decimal, exponentOf, spread, taxOn } from "../../demo/shopify/money.ts";
import { orderBody } from "../../demo/shopify/order-body.ts";
import {
  cancelOrder,
  editOrder,
  financialStatus,
  placeOrder,
  refundOrder,
  totalsOf,
  type Order,
} from "../../demo/shopify/orders.ts";
import { refundBody } from "../../demo/shopify/refund-body.ts";
import { openShops, type Shop } from "../../demo/shopify/shop.ts";

const AT = Date.parse("2026-11-20T12:00:00Z");

const shopOf = (wish: object = {}): Shop => {
  const shop = openShops().open("quiet-garden", wish);
  if (!shop) throw new Error("no shop");
  return shop;
};
const first = <Item>(items: readonly Item[]): Item => {
  const [item] = items;
  if (item === undefined) throw new Error("nothing there");
  return item;
};

type Money = { amount: string; currency_code: string };
type MoneySet = { shop_money: Money; presentment_money: Money };
type Body = Record<string, unknown> & {
  line_items: (Record<string, unknown> & {
    quantity: number;
    current_quantity: number;
    price_set: MoneySet;
  })[];
  refunds: { refund_line_items: { subtotal_set: MoneySet }[]; order_adjustments: { amount: string }[] }[];
};
const bodyOf = (order: Order): Body => JSON.parse(exactJson(orderBody(order))) as Body;

/** An amount of a body in minor units, read digit by digit. */
const minor = (money: Money): bigint => {
  const [whole = "", fraction = ""] = money.amount.split(".");
  expect(fraction).toHaveLength(exponentOf(money.currency_code));
  return BigInt(whole + fraction);
};
const column = (body: Record<string, unknown>, name: string, side: keyof MoneySet): bigint =>
  minor((body[`${name}_set`] as MoneySet)[side]);

const wish = fc.record({
  currency: fc.constantFrom(...CURRENCIES),
  presentment: fc.constantFrom(...CURRENCIES),
  taxesIncluded: fc.boolean(),
  taxRate: fc.integer({ min: 0, max: 2700 }),
  lines: fc.array(fc.record({ product: fc.nat(6), quantity: fc.integer({ min: 1, max: 9 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  percent: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
  amount: fc.bigInt({ min: 0n, max: 20_000n }),
  shipping: fc.bigInt({ min: 0n, max: 2_000n }),
  tip: fc.bigInt({ min: 0n, max: 900n }),
});
type Wish = typeof wish extends fc.Arbitrary<infer Value> ? Value : never;

function placed(asked: Wish): Order {
  const shop = shopOf({
    currency: asked.currency,
    taxesIncluded: asked.taxesIncluded,
    taxRate: asked.taxRate,
  });
  const lines = asked.lines.map(({ product, quantity }) => ({
    product: shop.products[product] ?? first(shop.products),
    quantity,
  }));
  const discount = {
    code: "LESS",
    ...(asked.percent === undefined ? { amount: asked.amount } : { percent: asked.percent }),
  };
  const { shipping, tip, presentment } = asked;
  return placeOrder(shop, { customer: null, lines, discount, shipping, tip, currency: presentment }, AT);
}

describe("an order's body", () => {
  test("adds up in both currencies: lines less discounts is the subtotal, and all together the total", () => {
    fc.assert(
      fc.property(wish, (asked) => {
        const body = bodyOf(placed(asked));
        for (const side of ["shop_money", "presentment_money"] as const) {
          const of = (name: string) => column(body, name, side);
          const goods = body.line_items.reduce(
            (sum, line) => sum + minor(line.price_set[side]) * BigInt(line.quantity),
            0n,
          );
          const allocated = body.line_items
            .flatMap((line) => line["discount_allocations"] as { amount_set: MoneySet }[])
            .reduce((sum, one) => sum + minor(one.amount_set[side]), 0n);
          expect(of("total_line_items_price")).toBe(goods);
          expect(of("total_discounts")).toBe(allocated);
          expect(of("subtotal_price")).toBe(goods - of("total_discounts"));
          const tip =
            side === "shop_money"
              ? minor({ amount: String(body["total_tip_received"]), currency_code: asked.currency })
              : null;
          if (tip === null) continue;
          const tax = asked.taxesIncluded ? 0n : of("total_tax");
          const shipping = minor((body["total_shipping_price_set"] as MoneySet)[side]);
          expect(of("total_price")).toBe(of("subtotal_price") + tax + shipping + tip);
        }
      }),
    );
  });

  test("writes money with the digits of its currency", () => {
    expect([
      decimal(1250n, "USD"),
      decimal(7000n, "JPY"),
      decimal(12_750n, "KWD"),
      decimal(-5n, "EUR"),
    ]).toEqual(["12.50", "7000", "12.750", "-0.05"]);
  });

  test("carries ids beyond 2^53 as bare digits, equal to those of its global ids", () => {
    const shop = shopOf();
    const order = placeOrder(
      shop,
      { customer: null, lines: [{ product: first(shop.products), quantity: 1 }], largeIds: true },
      AT,
    );
    expect(order.id > 2n ** 53n && order.id < 2n ** 63n).toBe(true);
    const text = exactJson(orderBody(order));
    expect(text).toContain(`{"id":${order.id},"admin_graphql_api_id":"gid://shopify/Order/${order.id}"`);
  });

  test("names no customer for a guest, but the address to which the receipt goes", () => {
    const shop = shopOf();
    const lines = [{ product: first(shop.products), quantity: 1 }];
    const body = bodyOf(placeOrder(shop, { customer: null, email: "guest@example.com", lines }, AT));
    expect(body).toMatchObject({ customer: null, email: "guest@example.com", financial_status: "paid" });
  });
});

describe("taking back", () => {
  const step = fc.oneof(
    fc.record({
      kind: fc.constant("refund" as const),
      line: fc.nat(3),
      quantity: fc.integer({ min: 1, max: 4 }),
    }),
    fc.record({
      kind: fc.constant("edit" as const),
      line: fc.nat(3),
      quantity: fc.integer({ min: 0, max: 12 }),
    }),
  );

  test("any refunds, then a cancellation, leave nothing of the goods and give back exactly what was paid for them", () => {
    fc.assert(
      fc.property(
        wish,
        fc.array(fc.record({ line: fc.nat(3), quantity: fc.integer({ min: 1, max: 4 }) }), { maxLength: 6 }),
        (asked, refunds) => {
          const order = placed(asked);
          const paid = totalsOf(order);
          for (const { line, quantity } of refunds) {
            const lineId = order.lines[line % order.lines.length]?.id ?? 0n;
            refundOrder(order, { lines: [{ lineId, quantity }] }, AT);
          }
          expect(cancelOrder(order, AT)).toBe(true);
          const back = order.refunds.flatMap((refund) => refund.lines);
          for (const side of ["shop", "presentment"] as const) {
            expect(back.reduce((sum, line) => sum + line.subtotal[side], 0n)).toBe(paid.subtotal[side]);
            expect(back.reduce((sum, line) => sum + line.tax[side], 0n)).toBe(paid.tax[side]);
            expect(totalsOf(order).nowSubtotal[side]).toBe(0n);
            expect(totalsOf(order).nowShipping[side]).toBe(0n);
          }
          expect(cancelOrder(order, AT)).toBe(false);
        },
      ),
    );
  });

  test("whatever is refunded and edited, each change is newer than the one before", () => {
    fc.assert(
      fc.property(wish, fc.array(step, { maxLength: 8 }), (asked, steps) => {
        const order = placed(asked);
        for (const { kind, line, quantity } of steps) {
          const lineId = order.lines[line % order.lines.length]?.id ?? 0n;
          const before = order.updatedAt;
          const done =
            kind === "edit"
              ? editOrder(order, lineId, quantity, AT)
              : refundOrder(order, { lines: [{ lineId, quantity }] }, AT);
          if (done) expect(order.updatedAt > before).toBe(true);
          else expect(order.updatedAt).toBe(before);
          for (const one of order.lines) expect(one.current >= 0 && one.current <= one.quantity).toBe(true);
        }
      }),
    );
  });

  test("a refund of an amount names no line, and says in a negative discrepancy what was given back", () => {
    const shop = shopOf();
    const order = placeOrder(
      shop,
      { customer: null, lines: [{ product: first(shop.products), quantity: 2 }] },
      AT,
    );
    const refund = refundOrder(order, { lines: [], amount: 500n }, AT);
    if (!refund) throw new Error("nothing was refunded");
    const body = JSON.parse(exactJson(refundBody(order, refund))) as Body["refunds"][number] & {
      transactions: Money[];
    };
    expect(body.refund_line_items).toEqual([]);
    expect(body.order_adjustments).toMatchObject([{ kind: "refund_discrepancy", amount: "-5.00" }]);
    expect(body.transactions).toMatchObject([{ kind: "refund", amount: "5.00" }]);
    expect(financialStatus(order)).toBe("partially_refunded");
  });

  test("a refund writes a line's subtotal as a number and beside it, exactly, as text", () => {
    const shop = shopOf();
    const order = placeOrder(
      shop,
      { customer: null, lines: [{ product: first(shop.products), quantity: 3 }] },
      AT,
    );
    const refund = refundOrder(order, { lines: [{ lineId: first(order.lines).id, quantity: 1 }] }, AT);
    if (!refund) throw new Error("nothing was refunded");
    expect(exactJson(refundBody(order, refund))).toContain(
      '"subtotal":48.00,"subtotal_set":{"shop_money":{"amount":"48.00"',
    );
  });

  test("more than is left is cut to what is left, and nothing left is no refund", () => {
    const shop = shopOf();
    const order = placeOrder(
      shop,
      { customer: null, lines: [{ product: first(shop.products), quantity: 2 }] },
      AT,
    );
    const lineId = first(order.lines).id;
    expect(refundOrder(order, { lines: [{ lineId, quantity: 9 }] }, AT)?.lines).toMatchObject([
      { quantity: 2 },
    ]);
    expect(refundOrder(order, { lines: [{ lineId, quantity: 1 }] }, AT)).toBeUndefined();
    expect(financialStatus(order)).toBe("refunded");
  });
});

describe("arithmetic", () => {
  test("spreading loses nothing and gives no weight more than one unit too much", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.array(fc.bigInt({ min: 0n, max: 10n ** 9n }), { minLength: 1, maxLength: 20 }),
        (total, weights) => {
          const sum = weights.reduce((a, b) => a + b, 0n);
          const parts = spread(total, weights);
          expect(parts.reduce((a, b) => a + b, 0n)).toBe(sum === 0n ? 0n : total);
          parts.forEach((part, i) => {
            const floor = sum === 0n ? 0n : (total * (weights[i] ?? 0n)) / sum;
            expect(part === floor || part === floor + 1n).toBe(true);
          });
        },
      ),
    );
  });

  test.each([
    [10_000n, 825, false, 825n],
    [10_000n, 1900, true, 1597n],
    [5n, 1000, false, 1n],
    [0n, 1900, true, 0n],
  ])("tax on %s at %s hundredths of a percent (included: %s) is %s", (net, rate, included, tax) => {
    expect(taxOn(net, rate, included)).toBe(tax);
  });
});
