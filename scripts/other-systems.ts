// The webhook events of four other loyalty systems, and what Laurel has for each: the tables of docs/webhooks.md.
import { EVENT_TYPES } from "../app/events/catalogue.ts";
import { FORMATS } from "../app/webhooks/formats/formats.ts";
import type { FormatName } from "../app/webhooks/formats/formats.ts";

/** A sentence on each event. One that nothing stands for begins with `Comes with` (not yet) or `Never:`. */
export type OtherSystem = {
  readonly name: string;
  readonly format: FormatName;
  readonly events: Readonly<Record<string, string>>;
};

const REWARDS = "Comes with rewards.";
const HOLDS = "Comes with points held for a checkout.";
const NOTICES = "Comes with notices before something expires.";
const FOR_EACH = "Comes with rules for other things than orders.";
const SIGN_IN = "Never: customers sign in with Shopify, which does not tell.";

export const OTHER_SYSTEMS: readonly OtherSystem[] = [
  {
    name: "Mage",
    format: "laurel",
    events: {
      "points.earned": "All fields; Laurel's own follow them.",
      "points.redeemed": REWARDS,
      "customer.tier_upgrade": "All fields; Laurel's own follow them.",
      "customer.tier_downgrade": "All fields. `new_tier` is null below the lowest tier.",
      test: "All fields; the envelope also says `test: true`.",
    },
  },
  {
    name: "Masivo",
    format: "masivo",
    events: {
      CUSTOMER_REGISTRATION:
        "Not carried: name, gender, birth date, metrics, which the event does not have. The wallet is empty: points follow as events of their own.",
      CUSTOMER_ACCUMULATION:
        "One line, of the reward `points`. Not carried: the wallet's other lines and when its total expires, which the event does not know.",
      CUSTOMER_REDEMPTION: REWARDS,
      REWARDS_RESERVATION: HOLDS,
      REWARDS_RESERVATION_CANCELLED: HOLDS,
      BEHAVIOR_EVENT_FULFILLED: FOR_EACH + " An order may be recorded before it is paid, so it is not this.",
      BEHAVIOR_EVENT_FAILED: FOR_EACH,
      COUPON_REDEMPTION: REWARDS,
      TIER_UPGRADE:
        "All fields. Staff, changed rules and imports are `EVENT`: Masivo knows three triggers. `trigger_event_type` is Laurel's name. A first tier is no upgrade and is not sent.",
      TIER_DOWNGRADE: "As the upgrade. Below the lowest tier the id and the name are null, the level 0.",
    },
  },
  {
    name: "Open Loyalty",
    format: "open-loyalty",
    events: {
      TransactionRegistered:
        "Not carried: items, name, address, place of purchase, which the event does not have.",
      AvailablePointsAmountChanged:
        "Every change, whatever its cause. Not carried: the cause, for which the documented body has no field.",
      TransactionAssignedToCustomer:
        "Only orders that find their member later. Not carried: the value, which the event does not have.",
      CampaignEffectWasApplied: FOR_EACH,
      PointsWillExpire: NOTICES,
      WalletBalanceUpdated: "Comes with wallets whose points are pending or held.",
      RewardRedemptionStatusChanged: REWARDS,
      CustomerBoughtReward: REWARDS,
      CouponWillExpire: REWARDS,
      CustomerRegistered: "Not carried: name, address, consents, which the event does not have.",
      CustomerWasRegisteredWithoutActivation: "Comes with members who have no account yet.",
      CustomerUpdated: "Who, not what: the documented body has no field for what changed.",
      CustomerRequestedSendActivationCode: SIGN_IN,
      CustomerRequestedPasswordReset: SIGN_IN,
      CustomerPhoneNumberWasChanged: "Never: Laurel keeps no telephone numbers.",
      CustomerLevelChanged: "Up, down, and the first level. Below the lowest one id and name are null.",
      LevelWillExpire: NOTICES,
      CustomerEmailWasChanged:
        "Comes with an event of its own; until then a new address is a `CustomerUpdated`.",
      CustomerDeactivated: "Who, not why: the documented body has no field for it.",
    },
  },
  {
    name: "Qurable",
    format: "qurable",
    events: {
      "member-created":
        "Null: name, birth date, telephone, government id, number of the wallet, which Laurel does not have. Tiers are numbers there, so the list is empty. `loyaltyMemberId` is the customer's Shopify id.",
      "coupon-code-assigned": REWARDS,
      "coupon-code-used": REWARDS,
    },
  },
];

/** Our event types that are said as this event of the other system. */
export function oursFor({ format }: OtherSystem, event: string): string[] {
  return EVENT_TYPES.filter((type) => FORMATS[format].says(type)?.as === event);
}

/** One table for each system: its events, ours, and what is not carried. */
export function otherSystems(): string {
  return OTHER_SYSTEMS.map((system) => {
    const rows = Object.entries(system.events).map(([event, note]) => {
      const ours = oursFor(system, event)
        .map((type) => `\`${type}\``)
        .join(", ");
      return `| \`${event}\` | ${ours || (note.startsWith("Never:") ? "never" : "not yet")} | ${note} |`;
    });
    const heading = `#### ${system.name}'s events`;
    return [heading, "", "| event | Laurel's | |", "| --- | --- | --- |", ...rows].join("\n");
  }).join("\n\n");
}

const COLUMNS = ["masivo", "open-loyalty", "qurable"] as const;

/** One table of our events: what each of them is called in the formats that do not carry everything. */
export function eventsByFormat(): string {
  const head = ["event", ...COLUMNS.map((format) => `\`${format}\``)];
  const rows = EVENT_TYPES.map((type) => [
    `\`${type}\``,
    ...COLUMNS.map((format) => FORMATS[format].says(type)?.as ?? "–"),
  ]);
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
