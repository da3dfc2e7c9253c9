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
      /** The lot's id. */
      id: string;
      /** From when its points can be spent. */
      available_from: string;
      /** When what is left of it expires; null for never. */
      expires_at: string | null;
    } | null;
    /** The order's gid; null without an order. */
    order_id: string | null;
    /** The rule's id; null for manual ones. */
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
    /** The part of `points` that was spent already, and waived. */
    unrecovered_points: number;
    /** The order's gid; null without an order. */
    order_id: string | null;
    /** The order's number without `#`; null without an order. */
    order_number: string | null;
    /** The refund's gid, where one refund caused it. */
    refund_id: string | null;
    /** What happened to the order. */
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
    /** The ledger entry behind it. */
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
    /** The sign of `delta`. */
    operation: "add" | "subtract";
    /** The kind of the ledger entry. */
    reason: "earn" | "redeem" | "expire" | "reverse" | "restore" | "adjust" | "transfer" | "import";
    /** The ledger entry behind it. */
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
    /** Id of the tier before, which a new name does not change. */
    previous_tier_id: string | null;
    /** Id of the tier now; null for none. */
    new_tier_id: string | null;
    /** 1 for the lowest tier, 0 for none. */
    previous_level: number;
    /** 1 for the lowest tier, 0 for none. */
    new_level: number;
    /** What kind of cause changed it: `policy_change` is an edit of the program. */
    triggered_by: "event" | "schedule" | "reversal" | "manual" | "policy_change" | "import";
    /** Id of the event that caused the change, where there is one. */
    trigger_event_id: string | null;
    /** Type of that event. */
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
    /** Id of the tier before, which a new name does not change. */
    previous_tier_id: string | null;
    /** Id of the tier now; null for none. */
    new_tier_id: string | null;
    /** 1 for the lowest tier, 0 for none. */
    previous_level: number;
    /** 1 for the lowest tier, 0 for none. */
    new_level: number;
    /** What kind of cause changed it: `policy_change` is an edit of the program. */
    triggered_by: "event" | "schedule" | "reversal" | "manual" | "policy_change" | "import";
    /** Id of the event that caused the change, where there is one. */
    trigger_event_id: string | null;
    /** Type of that event. */
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
    /** Id of the tier before, which a new name does not change. */
    previous_tier_id: string | null;
    /** Id of the tier now; null for none. */
    new_tier_id: string | null;
    /** 1 for the lowest tier, 0 for none. */
    previous_level: number;
    /** 1 for the lowest tier, 0 for none. */
    new_level: number;
    /** What kind of cause changed it: `policy_change` is an edit of the program. */
    triggered_by: "event" | "schedule" | "reversal" | "manual" | "policy_change" | "import";
    /** Id of the event that caused the change, where there is one. */
    trigger_event_id: string | null;
    /** Type of that event. */
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
    /** Null: there are no referrals yet. */
    referral_code: string | null;
    /** Null: there are no referrals yet. */
    referred_by: string | null;
    /** When the customer was enrolled. */
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
    /** What changed: `email`, `first_name`, `last_name`, each only where it did. */
    changes: {
      [Key in "email" | "first_name" | "last_name"]?: {
        /** What it was; null for nothing. */
        before: string | null;
        /** What it is now; null for nothing. */
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
    /** Why the member's part ended. */
    reason: "deleted" | "merged" | "redacted" | "excluded";
    /** Who did it; `shopify` where a webhook of Shopify's said so. */
    actor: string;
    /** Points that ended with it; 0 after a merge. */
    points_forfeited: number;
    /** Id of the member who took over, after a merge; null otherwise. */
    merged_into: string | null;
  };
  /** Order recorded. */
  "order.recorded": {
    /** Digits of the customer's Shopify id, as text; null where no member was matched. */
    shopify_customer_id: string | null;
    /** The customer's e-mail address; null where Shopify gave none. */
    email: string | null;
    /** The member's id in Laurel; null where none was matched. */
    member_id: string | null;
    /** The order's gid. */
    order_id: string;
    /** The order's number without `#`; null where Shopify gave none. */
    order_number: string | null;
    /** The order's total; null where it could not be read. */
    amount: string | null;
    /** Of both amounts, as ISO 4217 says; null where it could not be read. */
    currency: string | null;
    /** The part of `amount` that counts for points; null where none was worked out. */
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
    /** The order's gid. */
    order_id: string;
    /** The order's number without `#`; null where Shopify gave none. */
    order_number: string | null;
    /** What led from the order to the member. */
    matched_by: "email" | "customer" | "manual";
    /** Points that the order earned when it was matched. */
    points_awarded: number;
  };
  /** Webhook disabled. */
  "webhook.disabled": {
    /** The subscription that hears nothing more. */
    subscription_id: string;
    /** Where it was sent to: the host alone, since the rest of an address may be secret. */
    host: string;
    /** `gone`: 410. `failing`: three days of nothing but failure. */
    reason: "gone" | "failing";
  };
  /** Test. */
  "test": {
    /** Some words, to see that they arrive. */
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
