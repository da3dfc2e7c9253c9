// Exact fractions: rates and multipliers are decimal text ("1.25") and are never a float on their way to points.
export type Rational = { readonly n: bigint; readonly d: bigint };

/** Digits on either side of the point that a decimal may have: far above any rate or price, far below a burden. */
const MAX_DIGITS = 40;
const MAX_EXPONENT = 40;
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/** Reads decimal text, with an exponent or without: "1.25" → 5/4 unreduced as 125/100. Null when it is none. */
export function rationalFrom(text: string): Rational | null {
  const found = DECIMAL.exec(text.trim());
  if (!found) return null;
  const [, sign, whole = "", fraction = "", exponent = "0"] = found;
  const shift = Number(exponent);
  if (whole.length > MAX_DIGITS || fraction.length > MAX_DIGITS || Math.abs(shift) > MAX_EXPONENT)
    return null;
  const digits = BigInt(whole + fraction) * (sign === "-" ? -1n : 1n);
  const scale = 10n ** BigInt(fraction.length);
  const power = 10n ** BigInt(Math.abs(shift));
  return shift >= 0 ? { n: digits * power, d: scale } : { n: digits, d: scale * power };
}

/** a × b, exact. */
export function times(a: Rational, b: Rational): Rational {
  return { n: a.n * b.n, d: a.d * b.d };
}

/** a + b, exact. */
export function plus(a: Rational, b: Rational): Rational {
  if (a.d === b.d) return { n: a.n + b.n, d: a.d };
  // Denominators of decimals are powers of ten: the larger one serves both.
  if (a.d % b.d === 0n) return { n: a.n + b.n * (a.d / b.d), d: a.d };
  if (b.d % a.d === 0n) return { n: a.n * (b.d / a.d) + b.n, d: b.d };
  return { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

/** Largest whole number not above n ÷ d (d > 0), for negatives too. */
export function floorDiv(n: bigint, d: bigint): bigint {
  const quotient = n / d;
  return n % d < 0n ? quotient - 1n : quotient;
}

/** Largest whole number not above the fraction. */
export function floor(a: Rational): bigint {
  return floorDiv(a.n, a.d);
}

/** a ÷ b as decimal text for people, cut (not rounded) after `places`: 125/2 → "62.5". */
export function decimalText(a: Rational, places = 6): string {
  const scaled = (a.n * 10n ** BigInt(places)) / a.d;
  const digits = (scaled < 0n ? -scaled : scaled).toString().padStart(places + 1, "0");
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  const whole = digits.slice(0, digits.length - places);
  return `${scaled < 0n ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}
