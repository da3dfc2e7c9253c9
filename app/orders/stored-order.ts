// An order as its row keeps it: what is known, whose it is, what pins its points, what was posted.
import type { Decision } from "../loyalty/decision.ts";
import type { Terms } from "../loyalty/earning.ts";
import type { KnownOrder } from "../loyalty/order.ts";
import type { ProgramSettings } from "../loyalty/program.ts";

/** What the first positive posting pins: a later program or tier never rewrites the order. */
export type Pin = {
  readonly version: number;
  readonly tierId: string | null;
  readonly multiplier: string;
  readonly settings: ProgramSettings;
};

export type StoredOrder = {
  /** Digits of the gid. */
  readonly id: string;
  readonly name: string;
  readonly memberId: string | null;
  readonly guestEmail: string | null;
  readonly known: KnownOrder;
  readonly processedAt: Date | null;
  readonly pin: Pin | null;
  /** Points posted so far; a waived shortfall counts. */
  readonly posted: number;
  readonly postings: number;
  readonly decision: Decision | null;
};

/** The program of today, beside the order's pin. */
export type Rules = {
  readonly version: number;
  readonly settings: ProgramSettings;
  readonly currency: string;
};

type Owner = { readonly tierId: string | null; readonly state: string } | null;

/** The terms that an order is judged by: its pin, else today's program and the owner's tier of now. */
export function termsOf(order: StoredOrder, rules: Rules, owner: Owner): Terms {
  const tier = rules.settings.tiers.find((candidate) => candidate.id === owner?.tierId);
  const today = {
    version: rules.version,
    settings: rules.settings,
    tierId: tier?.id ?? null,
    multiplier: tier?.multiplier ?? "1",
  };
  const { version, settings, tierId, multiplier } = order.pin ?? today;
  // What an inactive member's order has given can be refunded still; nothing new is given.
  const isEnded = owner !== null && owner.state !== "active" && order.posted === 0;
  const kind = owner === null ? "guest" : isEnded ? "inactive" : "member";
  return { settings, programVersion: version, multiplier, tierId, currency: rules.currency, owner: kind };
}
