// The decision record: why an order earns what it earns, kept as it is read by merchants and through the API.

/** Why an order, or a part of it, earns nothing. */
export type Exclusion =
  | "order_not_known_yet"
  | "not_paid"
  | "cancelled"
  | "refunded_or_voided"
  | "test_order"
  | "draft_order"
  | "another_currency"
  | "unreadable_amount"
  | "guest_order"
  | "member_inactive"
  | "gift_card"
  | "tip_line"
  | "refunded_or_removed"
  | "not_above_zero"
  | "tax_not_counted"
  | "shipping_not_counted"
  | "shipping_removed"
  | "tips_not_counted"
  | "refunded_amount";

/** The rules, in the order in which they are tried. */
export type RuleName =
  | "known"
  | "paid"
  | "cancelled"
  | "status"
  | "test_orders"
  | "draft_orders"
  | "currency"
  | "amounts"
  | "member"
  | "lines"
  | "shipping"
  | "tips"
  | "refunded_amounts"
  | "cap";

export type RuleTried = {
  readonly rule: RuleName;
  readonly passed: boolean;
  /** What was found: a status, a currency, the fields that could not be read. */
  readonly found?: string;
  /** Decimal text in the shop's currency: what this rule added (or took, with a minus). */
  readonly amount?: string;
  readonly reason?: Exclusion;
};

export type LineDecision = {
  readonly line: string | null;
  readonly title: string;
  readonly quantity: number;
  /** Units that still count. */
  readonly counted: number;
  /** Decimal text; "0.00" where excluded. */
  readonly eligible: string;
  readonly excluded?: Exclusion;
};

/** All amounts are decimal text in `currency`. */
export type Decision = {
  readonly points: number;
  /** The same without the tier's multiplier. */
  readonly basePoints: number;
  readonly currency: string;
  /** What counts for points, whether or not the order may earn at all. */
  readonly eligible: string;
  readonly pointsPerUnit: string;
  readonly multiplier: string;
  readonly tierId: string | null;
  readonly programVersion: number;
  /** Before rounding. */
  readonly exact: string;
  readonly rounding: "floor";
  readonly capped: boolean;
  /** Why it earns nothing at all; null where it may earn. */
  readonly excluded: Exclusion | null;
  readonly rules: readonly RuleTried[];
  readonly lines: readonly LineDecision[];
};
