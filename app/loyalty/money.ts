// Money in minor units: exact whole numbers (bigint) of a currency's smallest unit by ISO 4217.
import { rationalFrom } from "./rational.ts";

/** Cents, yen, fils: whole minor units of some currency. */
export type Minor = bigint;

const DEFAULT_EXPONENT = 2;
/** Currencies whose smallest unit is not a hundredth (ISO 4217, list one). */
const EXPONENTS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(" ").map((code) => [code, 0]),
  ),
  ...Object.fromEntries("BHD IQD JOD KWD LYD OMR TND".split(" ").map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
};
const CURRENCY = /^[A-Z]{3}$/;

/** Whether the text is shaped like an ISO currency code. */
export function isCurrency(text: string): boolean {
  return CURRENCY.test(text);
}

/** How many digits the currency has after the point: JPY 0, USD 2, KWD 3, CLF 4; 2 where unknown. */
export function exponentOf(currency: string): number {
  return EXPONENTS[currency] ?? DEFAULT_EXPONENT;
}

/**
 * Decimal text → minor units of `currency`; digits beyond its exponent are cut (toward zero).
 * Null when the text is no decimal number. Rule: ledger, "currency".
 */
export function minorFrom(decimal: string, currency: string): Minor | null {
  const amount = rationalFrom(decimal);
  if (!amount) return null;
  return (amount.n * 10n ** BigInt(exponentOf(currency))) / amount.d;
}

/** Minor units → decimal text with the currency's own number of digits: (5000n, "USD") → "50.00". */
export function decimalFrom(minor: Minor, currency: string): string {
  const places = exponentOf(currency);
  const digits = (minor < 0n ? -minor : minor).toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const sign = minor < 0n ? "-" : "";
  return places === 0 ? sign + whole : `${sign}${whole}.${digits.slice(digits.length - places)}`;
}
