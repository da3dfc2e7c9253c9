// The decision record in words: why an order earned what it earned.
import type { Exclusion, RuleName } from "../loyalty/decision.ts";

export const EXCLUSIONS: Readonly<Record<Exclusion, string>> = {
  order_not_known_yet: "only a refund of this order is known so far",
  not_paid: "it is not paid yet",
  cancelled: "it was cancelled",
  refunded_or_voided: "it was refunded in full or voided",
  test_order: "it is a test order, and the program does not count those",
  draft_order: "it is a draft order, and the program does not count those",
  another_currency: "it is in another currency than the shop's",
  unreadable_amount: "an amount could not be read",
  guest_order: "the customer had no account; it earns when one is matched",
  member_inactive: "the member was deactivated",
  gift_card: "gift cards never earn",
  tip_line: "tips are not goods",
  refunded_or_removed: "it was refunded or removed",
  not_above_zero: "nothing was paid for it",
  tax_not_counted: "the program does not count tax",
  shipping_not_counted: "the program does not count shipping",
  shipping_removed: "the shipping was removed",
  tips_not_counted: "the program does not count tips",
  refunded_amount: "money was given back without naming lines",
};

export const RULES: Readonly<Record<RuleName, string>> = {
  known: "The order is known",
  paid: "The order is paid",
  cancelled: "Not cancelled",
  status: "Not refunded in full",
  test_orders: "Not a test order, or tests count",
  draft_orders: "Not a draft order, or drafts count",
  currency: "In the shop's currency",
  amounts: "Every amount can be read",
  member: "The customer is a member",
  lines: "Goods",
  shipping: "Shipping",
  tips: "Tips",
  refunded_amounts: "Amounts given back",
  cap: "Below the limit for one order",
};
