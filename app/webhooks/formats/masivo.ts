// Masivo's webhook bodies: `event` in capitals, `data` with the merchant's own customer id.
import type { EventData, EventType } from "../../events/catalogue.ts";
import type { Envelope, Saying, Sayings } from "./format.ts";

/** Masivo's wallets hold many rewards; ours holds this one. */
const REWARD = "points";

/** Masivo knows three triggers. What staff, a change of the rules or an import did is an event to it. */
const TRIGGERS = {
  event: "EVENT",
  manual: "EVENT",
  policy_change: "EVENT",
  import: "EVENT",
  reversal: "REVERSAL",
  schedule: "CRON_DOWNGRADE",
} as const;

function say<Type extends EventType>(as: string, data: (event: Envelope<Type>) => object): Saying<Type> {
  return { as, body: (event) => ({ event: as, data: data(event) }) };
}

function registered({ data }: Envelope<"member.created">): object {
  const { shopify_customer_id: id, email, created_at, source, tier, referral_code, referred_by } = data;
  const metadata = { source, tier, referral_code, referred_by };
  return {
    customer_id: id,
    customer: { id, email, status: "ACTIVE", registration_date: created_at, metadata },
    // Nothing can be in it yet: points that came with the member are told afterwards.
    wallet: { owner_id: data.member_id, lines: [], totals: [] },
  };
}

function accumulated({ shop, timestamp, data }: Envelope<"points.earned">): object {
  const line = {
    amount: data.points_earned,
    reward_id: REWARD,
    campaign_id: data.rule_id,
    brand_id: shop,
    issued_at: data.lot?.available_from ?? timestamp,
    expiration_date: data.lot?.expires_at ?? null,
  };
  return {
    customer_id: data.shopify_customer_id,
    lines: [line],
    wallet: { owner_id: data.member_id, totals: [{ total: data.points_balance, reward_id: REWARD }] },
  };
}

function tierChanged({ data }: { data: EventData<"customer.tier_downgrade"> }): object {
  return {
    customer_id: data.shopify_customer_id,
    from_tier_id: data.previous_tier_id,
    to_tier_id: data.new_tier_id,
    from_tier_name: data.previous_tier,
    to_tier_name: data.new_tier,
    from_tier_level: data.previous_level,
    to_tier_level: data.new_level,
    triggered_by: TRIGGERS[data.triggered_by],
    ...(data.trigger_event_id === null ? {} : { trigger_event_id: data.trigger_event_id }),
    ...(data.trigger_event_type === null ? {} : { trigger_event_type: data.trigger_event_type }),
  };
}

export const masivo: Sayings = {
  "points.earned": say("CUSTOMER_ACCUMULATION", accumulated),
  "points.reversed": null,
  "points.adjusted": null,
  "points.balance_changed": null,
  "customer.tier_assigned": null,
  "customer.tier_upgrade": say("TIER_UPGRADE", tierChanged),
  "customer.tier_downgrade": say("TIER_DOWNGRADE", tierChanged),
  "member.created": say("CUSTOMER_REGISTRATION", registered),
  "member.updated": null,
  "member.deactivated": null,
  "order.recorded": null,
  "order.matched": null,
  "webhook.disabled": null,
  test: say("TEST", ({ data }) => data),
};
