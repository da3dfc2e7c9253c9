// Orders of the stand-in: placing, editing, refunding and cancelling them, with money that adds up.
import type { Customer, Product } from "./goods.ts";
import { nextId } from "./ids.ts";
import { both, convert, exponentOf, minus, NOTHING, plus, share, spread, taxOn, type Both } from "./money.ts";

export type Line = {
  id: bigint;
  product: Product;
  quantity: number;
  /** What is left after refunds and edits. */
  current: number;
  unit: Both;
  discount: Both;
  tax: Both;
};

export type RefundLine = { id: bigint; line: Line; quantity: number; subtotal: Both; tax: Both };
export type Refund = {
  id: bigint;
  transactionId: bigint;
  adjustmentId: bigint;
  at: string;
  lines: RefundLine[];
  shipping: Both;
  /** Money given back without naming a line. */
  discrepancy: Both;
};

export type Discount = { code: string | null; title: string; percent: number | null };

export type Order = {
  id: bigint;
  number: number;
  createdAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  customer: Customer | null;
  email: string | null;
  currency: { shop: string; presentment: string };
  taxesIncluded: boolean;
  taxRate: number;
  lines: Line[];
  discount: Discount | null;
  shipping: Both;
  tip: Both;
  refunds: Refund[];
  gateways: string[];
  sourceName: string;
  test: boolean;
};

/** What an order takes from its shop. */
export type Seller = {
  currency: string;
  taxRate: number;
  taxesIncluded: boolean;
  orderNumber: number;
  orders: Order[];
};

export type DiscountWish = {
  code?: string | undefined;
  percent?: number | undefined;
  amount?: bigint | undefined;
};
export type OrderWish = {
  customer: Customer | null;
  email?: string | undefined;
  lines: { product: Product; quantity: number }[];
  discount?: DiscountWish | undefined;
  /** In minor units of the shop's currency. */
  shipping?: bigint | undefined;
  tip?: bigint | undefined;
  currency?: string | undefined;
  gateways?: string[] | undefined;
  sourceName?: string | undefined;
  test?: boolean | undefined;
  largeIds?: boolean | undefined;
};

/** A line's price less its discounts, before tax is added; in minor units, for its first quantity. */
export const netOf = (line: Line): Both =>
  minus(
    both((column) => line.unit[column] * BigInt(line.quantity)),
    line.discount,
  );

const iso = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z$/, "+00:00");

/** A product's price in minor units of a currency. */
export const priceIn = (product: Product, currency: string): bigint =>
  convert((product.price * 10n ** BigInt(exponentOf("USD"))) / 1000n, "USD", currency);

function discountOf(shares: Both[], wish: DiscountWish, money: (amount: bigint) => Both): Both[] {
  const column = (name: keyof Both): bigint[] => {
    const weights = shares.map((line) => line[name]);
    const sum = weights.reduce((a, b) => a + b, 0n);
    const wanted =
      wish.percent === undefined ? money(wish.amount ?? 0n)[name] : (sum * BigInt(wish.percent)) / 100n;
    return spread(wanted > sum ? sum : wanted, weights);
  };
  const [shop, presentment] = [column("shop"), column("presentment")];
  return shares.map((_, i) => ({ shop: shop[i] ?? 0n, presentment: presentment[i] ?? 0n }));
}

const withTax = (line: Line, order: { taxRate: number; taxesIncluded: boolean }): Line => ({
  ...line,
  tax: line.product.giftCard
    ? NOTHING
    : both((column) => taxOn(netOf(line)[column], order.taxRate, order.taxesIncluded)),
});

/** Places a paid order. All amounts of the wish are minor units of the shop's currency. */
export function placeOrder(shop: Seller, wish: OrderWish, at: number): Order {
  const currency = { shop: shop.currency, presentment: wish.currency ?? shop.currency };
  const money = (amount: bigint): Both => both((column) => convert(amount, shop.currency, currency[column]));
  const large = wish.largeIds ?? false;
  const units = wish.lines.map(({ product }) => money(priceIn(product, shop.currency)));
  const whole = wish.lines.map(({ product, quantity }, i) =>
    // A gift card is money, not goods: no discount falls on it.
    product.giftCard ? NOTHING : both((column) => (units[i] ?? NOTHING)[column] * BigInt(quantity)),
  );
  const discounts = wish.discount ? discountOf(whole, wish.discount, money) : whole.map(() => NOTHING);
  const rules = { taxRate: shop.taxRate, taxesIncluded: shop.taxesIncluded };
  const lines = wish.lines.map(({ product, quantity }, i) =>
    withTax(
      {
        id: nextId(large),
        product,
        quantity,
        current: quantity,
        unit: units[i] ?? NOTHING,
        discount: discounts[i] ?? NOTHING,
        tax: NOTHING,
      },
      rules,
    ),
  );
  const order: Order = {
    id: nextId(large),
    number: ++shop.orderNumber,
    createdAt: iso(at),
    updatedAt: iso(at),
    cancelledAt: null,
    customer: wish.customer,
    email: wish.customer?.email ?? wish.email ?? null,
    currency,
    ...rules,
    lines,
    discount: wish.discount ? named(wish.discount) : null,
    shipping: money(wish.shipping ?? 0n),
    tip: money(wish.tip ?? 0n),
    refunds: [],
    gateways: wish.gateways ?? ["shopify_payments"],
    sourceName: wish.sourceName ?? "web",
    test: wish.test ?? false,
  };
  shop.orders.unshift(order);
  return order;
}

const named = (wish: DiscountWish): Discount => ({
  code: wish.code ?? null,
  title: wish.code ?? "Automatic discount",
  percent: wish.percent ?? null,
});

// Shopify's times have whole seconds and every change moves updated_at on.
function touch(order: Order, at: number): void {
  order.updatedAt = iso(Math.max(at, Date.parse(order.updatedAt) + 1000));
}

export type RefundWish = {
  /** How many of which line; none for a refund that names an amount only. */
  lines: { lineId: bigint; quantity: number }[];
  shipping?: boolean | undefined;
  /** Minor units of the shop's currency, given back without a line. */
  amount?: bigint | undefined;
};

/** Refunds part of an order. Asks for more than is left are cut to what is left; undefined when nothing is. */
export function refundOrder(order: Order, wish: RefundWish, at: number): Refund | undefined {
  const lines = wish.lines.flatMap(({ lineId, quantity }) => {
    const line = order.lines.find((candidate) => candidate.id === lineId);
    return line && Math.min(quantity, line.current) > 0
      ? [takeBack(line, Math.min(quantity, line.current))]
      : [];
  });
  const shipped = plus(...order.refunds.map((refund) => refund.shipping));
  const refund: Refund = {
    id: nextId(),
    transactionId: nextId(),
    adjustmentId: nextId(),
    at: "",
    lines,
    shipping: wish.shipping ? minus(order.shipping, shipped) : NOTHING,
    discrepancy: both((column) => convert(wish.amount ?? 0n, order.currency.shop, order.currency[column])),
  };
  if (refundTotal(order, refund).shop === 0n && lines.length === 0) return undefined;
  touch(order, at);
  refund.at = order.updatedAt;
  order.refunds.push(refund);
  return refund;
}

// The parts of a line add up to the whole, however many refunds it takes: each is a difference of floors.
function takeBack(line: Line, quantity: number): RefundLine {
  const left = line.current - quantity;
  const part = (amount: Both): Both =>
    minus(share(amount, line.current, line.quantity), share(amount, left, line.quantity));
  const taken = { id: nextId(), line, quantity, subtotal: part(netOf(line)), tax: part(line.tax) };
  line.current = left;
  return taken;
}

/** What a refund gives back, in minor units. */
export function refundTotal(order: Order, refund: Refund): Both {
  const goods = plus(...refund.lines.map((line) => line.subtotal));
  const tax = order.taxesIncluded ? NOTHING : plus(...refund.lines.map((line) => line.tax));
  return plus(goods, tax, refund.shipping, refund.discrepancy);
}

/** Cancels an order: all that is left is refunded, then it is closed. False when it was cancelled before. */
export function cancelOrder(order: Order, at: number): boolean {
  if (order.cancelledAt) return false;
  const rest = order.lines.map((line) => ({ lineId: line.id, quantity: line.current }));
  refundOrder(order, { lines: rest, shipping: true }, at);
  touch(order, at);
  order.cancelledAt = order.updatedAt;
  return true;
}

/** Edits a line's quantity, up or down; the difference counts as settled. False when there is nothing to change. */
export function editOrder(order: Order, lineId: bigint, quantity: number, at: number): boolean {
  const index = order.lines.findIndex((line) => line.id === lineId);
  const line = order.lines[index];
  if (!line || order.cancelledAt || quantity === line.current) return false;
  const added = Math.max(0, quantity - line.current);
  Object.assign(line, withTax({ ...line, quantity: line.quantity + added, current: quantity }, order));
  touch(order, at);
  return true;
}

export type Totals = Readonly<
  Record<
    | "goods"
    | "discounts"
    | "subtotal"
    | "tax"
    | "total"
    | "nowDiscounts"
    | "nowSubtotal"
    | "nowTax"
    | "nowShipping"
    | "nowTotal",
    Both
  >
>;

/** The sums of an order: as it was placed (with lines added since), and as it stands now. */
export function totalsOf(order: Order): Totals {
  const goods = plus(
    ...order.lines.map((line) => both((column) => line.unit[column] * BigInt(line.quantity))),
  );
  const discounts = plus(...order.lines.map((line) => line.discount));
  const subtotal = minus(goods, discounts);
  const tax = plus(...order.lines.map((line) => line.tax));
  const onTop = (amount: Both): Both => (order.taxesIncluded ? NOTHING : amount);
  const now = (amountOf: (line: Line) => Both): Both =>
    plus(...order.lines.map((line) => share(amountOf(line), line.current, line.quantity)));
  const [nowSubtotal, nowTax] = [now(netOf), now((line) => line.tax)];
  const nowShipping = minus(order.shipping, plus(...order.refunds.map((refund) => refund.shipping)));
  const given = plus(...order.refunds.map((refund) => refund.discrepancy));
  return {
    goods,
    discounts,
    subtotal,
    tax,
    total: plus(subtotal, onTop(tax), order.shipping, order.tip),
    nowDiscounts: now((line) => line.discount),
    nowSubtotal,
    nowTax,
    nowShipping,
    nowTotal: minus(plus(nowSubtotal, onTop(nowTax), nowShipping, order.tip), given),
  };
}

/** Shopify's word for what has been paid and given back. */
export function financialStatus(order: Order): "paid" | "partially_refunded" | "refunded" {
  if (order.refunds.length === 0) return "paid";
  return totalsOf(order).nowTotal.shop <= 0n ? "refunded" : "partially_refunded";
}
