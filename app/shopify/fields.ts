// Tolerant readers for single fields of Shopify's bodies: what is odd reads as missing, never as a crash.
import { z } from "zod";
import { digitsOf, gid, gidFrom } from "../loyalty/ids.ts";
import type { CustomerGid, LineGid, OrderGid, RefundGid } from "../loyalty/ids.ts";

/** Longest text that is kept of a name or title. */
const MAX_TEXT = 255;

export const text = z.string().nullable().catch(null);
export const flag = z.boolean().catch(false);
export const unknowns = z.array(z.unknown()).catch([]);

/** Money in both spellings: a plain decimal, and a set with the shop's own money. */
export const moneySet = z
  .object({ shop_money: z.object({ amount: z.string(), currency_code: z.string() }) })
  .nullable()
  .catch(null);
export type MoneySet = z.infer<typeof moneySet>;

/** Trimmed and shortened text for people; "" where there is none. */
export function shortText(value: string | null): string {
  return (value ?? "").trim().slice(0, MAX_TEXT);
}

/** Whole units; null for anything else. Bounded, so that sums of them stay exact. */
export function unitsFrom(value: string | null): number | null {
  return value !== null && /^\d{1,9}(\.0+)?$/.test(value) ? Number(value) : null;
}

/** The same address in one spelling: trimmed, lower-case; null for what is none. */
export function emailFrom(value: string | null): string | null {
  const email = (value ?? "").trim().toLowerCase();
  return email.includes("@") && email.length <= MAX_TEXT ? email : null;
}

type Ids = { Order: OrderGid; LineItem: LineGid; Refund: RefundGid; Customer: CustomerGid };

/** The gid that Shopify states, else one from the exact digits of `id`; null without either. */
export function idFrom<Kind extends keyof Ids>(
  kind: Kind,
  stated: string | null,
  id: string | null,
): Ids[Kind] | null {
  const known: Ids[Kind] | null = stated === null ? null : gidFrom(kind, stated);
  return known ?? (id === null ? null : gid(kind, digitsOf(id)));
}

/**
 * A time as UTC text that sorts by time to the nanosecond: "2026-11-01T19:00:00.123456789"; null for what is no time
 * with a zone.
 */
export function instantFrom(value: string | null): string | null {
  const found = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9})\d*)?(Z|[+-]\d\d:?\d\d)$/i.exec(value ?? "");
  if (!found) return null;
  const [, seconds = "", fraction = "", zone = ""] = found;
  const time = new Date(seconds + zone);
  if (Number.isNaN(time.getTime())) return null;
  const utc = time.toISOString();
  // Beyond the years that have four digits there, which only a zone leads to.
  return utc.startsWith("+") || utc.startsWith("-") ? null : `${utc.slice(0, 19)}.${fraction.padEnd(9, "0")}`;
}

/** Sortable UTC text → the time, to the millisecond. */
export function timeFrom(instant: string | null): Date | null {
  return instant === null ? null : new Date(`${instant.slice(0, 23)}Z`);
}
