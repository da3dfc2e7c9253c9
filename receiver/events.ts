// What Laurel sends, by event type. Written by `npm run docs` from the event catalogue: do not edit.

/** What `data` holds. Fields may be added, never renamed or removed. */
export type EventData = {
  /** Points earned. */
  "points.earned": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** Points given by this event. */
    points_earned: number;
    /** Spendable points after the event. */
    points_balance: number;
    /** Points earned over all time, net of refunds: what tiers count. */
    lifetime_points: number;
    /** What kind of cause gave them. */
    source: "earning_rule" | "manual" | "referral";
    /** The rule's name; null for manual ones. */
    earning_rule_name: string | null;
    /** The order's number without `#`; null without an order. */
    order_number: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    /** The ledger entry behind it. */
    ledger_entry_id: string;
    /** The lot that they are kept in; null when a debt took all of them. */
    lot: {
      id: string;
      available_from: string;
      expires_at: string | null;
    } | null;
    /** The order's gid; null without an order. */
    order_id: string | null;
    rule_id: string | null;
    /** Points of the whole order before the tier's multiplier. */
    base_points: number | null;
    /** The tier's multiplier, as exact decimal text. */
    multiplier: string | null;
    /** Points that are not spendable yet. */
    points_pending: number;
    /** Points set aside for a checkout or an unfinished redemption. */
    points_reserved: number;
  };
  /** Points reversed. */
  "points.reversed": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    /** `earned`: earned points taken; `spent`: spent ones given back. */
    direction: "earned" | "spent";
    /** Points to be taken, as a positive number. */
    points: number;
    unrecovered_points: number;
    order_id: string | null;
    order_number: string | null;
    /** The refund's gid, where one refund caused it. */
    refund_id: string | null;
    reason: "refund" | "edit" | "cancelled" | "customer_changed";
    /** Null when everything was waived and no entry was written. */
    ledger_entry_id: string | null;
    /** The entries that had given the points. */
    reversed_entry_ids: Array<string>;
    /** Spendable points after the event. */
    points_balance: number;
    /** Points that are not spendable yet. */
    points_pending: number;
    /** Points set aside for a checkout or an unfinished redemption. */
    points_reserved: number;
    /** Points earned over all time, net of refunds: what tiers count. */
    lifetime_points: number;
  };
  /** Points adjusted. */
  "points.adjusted": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    /** Signed change in points. */
    delta: number;
    /** Why, in the words of whoever did it. */
    note: string;
    /** Who did it. */
    actor: string;
    ledger_entry_id: string;
    /** Spendable points after the event. */
    points_balance: number;
    /** Points that are not spendable yet. */
    points_pending: number;
    /** Points set aside for a checkout or an unfinished redemption. */
    points_reserved: number;
    /** Points earned over all time, net of refunds: what tiers count. */
    lifetime_points: number;
  };
  /** Balance changed. */
  "points.balance_changed": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    /** Signed change in points. */
    delta: number;
    operation: "add" | "subtract";
    reason: "earn" | "redeem" | "expire" | "reverse" | "restore" | "adjust" | "transfer" | "import";
    ledger_entry_id: string;
    /** Spendable points after the event. */
    points_balance: number;
    /** Points that are not spendable yet. */
    points_pending: number;
    /** Points set aside for a checkout or an unfinished redemption. */
    points_reserved: number;
    /** Points earned over all time, net of refunds: what tiers count. */
    lifetime_points: number;
  };
  /** First tier assigned. */
  "customer.tier_assigned": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** Name of the tier before; null for none. */
    previous_tier: string | null;
    /** Name of the tier now. */
    new_tier: string;
    /** Points earned over all time, net of refunds: what tiers count. */
    lifetime_points: number;
    /** The member's id in Laurel. */
    member_id: string;
    previous_tier_id: string | null;
    new_tier_id: string | null;
    /** 1 for the lowest tier, 0 for none. */
    previous_level: number;
    new_level: number;
    triggered_by: "event" | "schedule" | "reversal" | "manual" | "policy_change" | "import";
    /** Id of the event that caused the change, where there is one. */
    trigger_event_id: string | null;
    trigger_event_type: string | null;
    /** When the tier is reviewed next; null for lifetime points. */
    expires_at: string | null;
  };
  /** Tier upgrade. */
  "customer.tier_upgrade": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** Name of the tier before; null for none. */
    previous_tier: string | null;
    /** Name of the tier now. */
    new_tier: string;
    /** Points earned over all time, net of refunds: what tiers count. */
    lifetime_points: number;
    /** The member's id in Laurel. */
    member_id: string;
    previous_tier_id: string | null;
    new_tier_id: string | null;
    /** 1 for the lowest tier, 0 for none. */
    previous_level: number;
    new_level: number;
    triggered_by: "event" | "schedule" | "reversal" | "manual" | "policy_change" | "import";
    /** Id of the event that caused the change, where there is one. */
    trigger_event_id: string | null;
    trigger_event_type: string | null;
    /** When the tier is reviewed next; null for lifetime points. */
    expires_at: string | null;
  };
  /** Tier downgrade. */
  "customer.tier_downgrade": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** Name of the tier before; null for none. */
    previous_tier: string | null;
    /** Name of the tier now; null where the member fell below the lowest. */
    new_tier: string | null;
    /** Points earned over all time, net of refunds: what tiers count. */
    lifetime_points: number;
    /** The member's id in Laurel. */
    member_id: string;
    previous_tier_id: string | null;
    new_tier_id: string | null;
    /** 1 for the lowest tier, 0 for none. */
    previous_level: number;
    new_level: number;
    triggered_by: "event" | "schedule" | "reversal" | "manual" | "policy_change" | "import";
    /** Id of the event that caused the change, where there is one. */
    trigger_event_id: string | null;
    trigger_event_type: string | null;
    /** When the tier is reviewed next; null for lifetime points. */
    expires_at: string | null;
  };
  /** Member created. */
  "member.created": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    /** What enrolled the customer. */
    source: "customer" | "order" | "merge" | "manual" | "api" | "import";
    /** Name of the tier at enrolment; null for none. */
    tier: string | null;
    referral_code: string | null;
    referred_by: string | null;
    created_at: string;
  };
  /** Member updated. */
  "member.updated": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    changes: {
      [Key in "email" | "first_name" | "last_name"]?: {
        before: string | null;
        after: string | null;
      };
    };
  };
  /** Member deactivated. */
  "member.deactivated": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    reason: "deleted" | "merged" | "redacted" | "excluded";
    actor: string;
    points_forfeited: number;
    /** The member who took over, after a merge. */
    merged_into: string | null;
  };
  /** Order recorded. */
  "order.recorded": {
    shopify_customer_id: string | null;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    member_id: string | null;
    /** The order's gid. */
    order_id: string;
    order_number: string | null;
    /** The order's total; null where it could not be read. */
    amount: string | null;
    currency: string | null;
    eligible_amount: string | null;
    /** False for a guest's order. */
    matched: boolean;
  };
  /** Order matched. */
  "order.matched": {
    /** Digits of the customer's Shopify id, as text. */
    shopify_customer_id: string;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel. */
    member_id: string;
    order_id: string;
    order_number: string | null;
    matched_by: "email" | "customer" | "manual";
    points_awarded: number;
  };
  /** Webhook disabled. */
  "webhook.disabled": {
    subscription_id: string;
    /** Where it was sent to: the host alone, since the rest of an address may be secret. */
    host: string;
    /** `gone`: 410. `failing`: three days of nothing but failure. */
    reason: "gone" | "failing";
  };
  /** Test. */
  "test": {
    message: string;
  };
};

export type EventType = keyof EventData;

/** The body of a request. `event` tells the types apart. */
export type LaurelEvent = { [Type in EventType]: Envelope<Type> }[EventType];

type Envelope<Type extends EventType> = {
  /** The event's id: the same on every attempt and every replay. */
  id: string;
  /** The store without `.myshopify.com`. */
  shop: string;
  /** When it happened, ISO 8601. */
  timestamp: string;
  /** The version of this envelope. */
  api_version: string;
  /** Counts one member's events upward; 0 where it is about no member. */
  sequence: number;
  /** True only for what the Test button or the API sent as a test. */
  test: boolean;
  event: Type;
  data: EventData[Type];
};

export const EVENT_TYPES: readonly EventType[] = [
  "points.earned",
  "points.reversed",
  "points.adjusted",
  "points.balance_changed",
  "customer.tier_assigned",
  "customer.tier_upgrade",
  "customer.tier_downgrade",
  "member.created",
  "member.updated",
  "member.deactivated",
  "order.recorded",
  "order.matched",
  "webhook.disabled",
  "test",
];
