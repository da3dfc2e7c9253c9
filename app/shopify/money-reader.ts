// Reads the amounts of one order in one currency, and remembers which could not be read.
import { decimalText, plus, rationalFrom } from "../loyalty/rational.ts";
import type { MoneySet } from "./fields.ts";

/** An amount as a body spells it: the set where there is one, the plain decimal beside it. */
export type Spelled = { set: MoneySet; plain: string | null };

export type MoneyReader = {
  /** Decimal text; "0" where the body has no such amount. An amount that cannot be read is noted under `field`. */
  read(spelled: Spelled, field: string): string;
  /** The same for an amount that has to be there: its absence is noted too. */
  need(spelled: Spelled, field: string): string;
  readonly unreadable: readonly string[];
};

/** Digits of a decimal that a sensible shop never reaches; beyond it an amount is not worth keeping exactly. */
const MAX_AMOUNT_LENGTH = 45;
const ZERO = { n: 0n, d: 1n };
/** How many unreadable fields a record names. */
const MAX_NAMED = 20;

/**
 * Reads amounts in `currency`: the shop's money where it is in that currency, else the plain decimal where the order
 * itself is (`plainCurrency`). Anything else is unreadable.
 */
export function moneyReader(currency: string | null, plainCurrency: string | null): MoneyReader {
  const unreadable: string[] = [];
  const need = ({ set, plain }: Spelled, field: string): string => {
    const isOurs = set !== null && set.shop_money.currency_code === currency;
    const amount = isOurs ? set.shop_money.amount : plainCurrency === currency ? plain : null;
    if (amount !== null && amount.length <= MAX_AMOUNT_LENGTH && rationalFrom(amount)) return amount.trim();
    if (unreadable.length < MAX_NAMED) unreadable.push(field);
    return "0";
  };
  return {
    unreadable,
    need,
    read: (spelled, field) => (spelled.set === null && spelled.plain === null ? "0" : need(spelled, field)),
  };
}

/** Adds decimals exactly, as text: ["8.00", "0.333"] → "8.333". What is no decimal counts nothing. */
export function addDecimals(decimals: readonly string[]): string {
  const sum = decimals.reduce((total, decimal) => plus(total, rationalFrom(decimal) ?? ZERO), ZERO);
  return decimalText(sum, MAX_AMOUNT_LENGTH);
}
