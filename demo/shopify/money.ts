// Money of the stand-in: whole minor units as bigint, in the shop's currency and in the buyer's, never a float.

/** Digits after the point, ISO 4217; whatever is not named has two. */
const EXPONENTS: Readonly<Record<string, number>> = {
  JPY: 0,
  KRW: 0,
  CLP: 0,
  VND: 0,
  KWD: 3,
  BHD: 3,
  TND: 3,
};

/** What one unit of each currency is worth in thousandths of a US dollar: invented, steady, only for the demo. */
const WORTH: Readonly<Record<string, bigint>> = {
  USD: 1000n,
  EUR: 1100n,
  GBP: 1250n,
  CAD: 720n,
  JPY: 7n,
  KWD: 3250n,
};

/** The currencies in which the demo's shops sell. */
export const CURRENCIES = Object.keys(WORTH);

/** An amount seen twice, as Shopify shows it: in the shop's currency and in the buyer's. Minor units. */
export type Both = { shop: bigint; presentment: bigint };
export type Column = keyof Both;

export const NOTHING: Both = { shop: 0n, presentment: 0n };

/** Computes an amount in each of the two columns. */
export const both = (amountIn: (column: Column) => bigint): Both => ({
  shop: amountIn("shop"),
  presentment: amountIn("presentment"),
});
export const plus = (...amounts: Both[]): Both =>
  both((column) => amounts.reduce((sum, amount) => sum + amount[column], 0n));
export const minus = (a: Both, b: Both): Both => both((column) => a[column] - b[column]);
/** Whether there is anything in either column. */
export const isSome = (a: Both): boolean => a.shop !== 0n || a.presentment !== 0n;
export const negative = (a: Both): Both => minus(NOTHING, a);

/** The share of `part` in `whole` of an amount, cut to the minor unit: `floor(amount × part ÷ whole)`. */
export const share = (amount: Both, part: number, whole: number): Both =>
  whole === 0 ? NOTHING : both((column) => (amount[column] * BigInt(part)) / BigInt(whole));

export const exponentOf = (currency: string): number => EXPONENTS[currency] ?? 2;

/** Minor units as Shopify writes them: `12.50` USD, `7000` JPY, `12.750` KWD. */
export function decimal(minor: bigint, currency: string): string {
  const exponent = exponentOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, "0");
  const sign = minor < 0n ? "-" : "";
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** Converts minor units of one currency into another, rounded half up. */
export function convert(minor: bigint, from: string, to: string): bigint {
  if (from === to) return minor;
  const numerator = minor * (WORTH[from] ?? 1000n) * 10n ** BigInt(exponentOf(to));
  const denominator = (WORTH[to] ?? 1000n) * 10n ** BigInt(exponentOf(from));
  return (2n * numerator + denominator) / (2n * denominator);
}

/** Spreads `total` over `weights` without losing a unit: each gets its floor, the units left go to the first that weigh. */
export function spread(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum === 0n) return weights.map(() => 0n);
  const shares = weights.map((weight) => (total * weight) / sum);
  let rest = total - shares.reduce((a, b) => a + b, 0n);
  return shares.map((part, i) => (rest > 0n && (weights[i] ?? 0n) > 0n ? (rest--, part + 1n) : part));
}

/** Tax on an amount at a rate in hundredths of a percent, rounded half up; contained in it or on top of it. */
export function taxOn(net: bigint, rate: number, included: boolean): bigint {
  const bp = BigInt(rate);
  const denominator = included ? 10_000n + bp : 10_000n;
  return (2n * net * bp + denominator) / (2n * denominator);
}
