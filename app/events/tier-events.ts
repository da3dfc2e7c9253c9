// Catalogue: a member's tier. All three begin with Mage's five fields, exactly.
import { z } from "zod";
import { aboutMember, balances, exampleMember, row } from "./shapes.ts";

const tierChange = z.object({
  shopify_customer_id: aboutMember.shopify_customer_id,
  email: aboutMember.email,
  previous_tier: z.string().nullable().describe("Name of the tier before; null for none."),
  new_tier: z
    .string()
    .nullable()
    .describe("Name of the tier now; null where the member fell below the lowest."),
  lifetime_points: balances.lifetime_points,
  member_id: aboutMember.member_id,
  previous_tier_id: z
    .string()
    .nullable()
    .describe("Id of the tier before, which a new name does not change."),
  new_tier_id: z.string().nullable().describe("Id of the tier now; null for none."),
  previous_level: z.int().min(0).describe("1 for the lowest tier, 0 for none."),
  new_level: z.int().min(0).describe("1 for the lowest tier, 0 for none."),
  triggered_by: z
    .enum(["event", "schedule", "reversal", "manual", "policy_change", "import"])
    .describe("What kind of cause changed it: `policy_change` is an edit of the program."),
  trigger_event_id: z
    .string()
    .nullable()
    .describe("Id of the event that caused the change, where there is one."),
  trigger_event_type: z.string().nullable().describe("Type of that event."),
  expires_at: z.iso
    .datetime()
    .nullable()
    .describe("When the tier is reviewed next; null for lifetime points."),
});

// A member only ever reaches a first or a higher tier by name.
const tierReached = tierChange.extend({ new_tier: z.string().describe("Name of the tier now.") });

const exampleChange = {
  shopify_customer_id: exampleMember.shopify_customer_id,
  email: exampleMember.email,
  previous_tier: "Member",
  new_tier: "Silver",
  lifetime_points: 512,
  member_id: exampleMember.member_id,
  previous_tier_id: "member",
  new_tier_id: "silver",
  previous_level: 1,
  new_level: 2,
  triggered_by: "event" as const,
  trigger_event_id: "evt_01JD8Q2ZC4K6M8P0R2T4V6X8Z4",
  trigger_event_type: "points.earned",
  expires_at: null,
};

export const tierEvents = {
  "customer.tier_assigned": row({
    group: "tiers",
    title: "First tier assigned",
    about:
      "The member got a tier for the first time: usually at enrolment, later where the lowest tier asks for points. It is not an upgrade, so systems that reward upgrades stay quiet.",
    data: tierReached,
    example: {
      ...exampleChange,
      previous_tier: null,
      previous_tier_id: null,
      previous_level: 0,
      new_tier: "Member",
      new_tier_id: "member",
      new_level: 1,
      lifetime_points: 0,
      trigger_event_type: "member.created",
    },
  }),
  "customer.tier_upgrade": row({
    group: "tiers",
    title: "Tier upgrade",
    about:
      "Lifetime points reached a higher tier. A member who skips tiers sends one event, from the old tier to the new one.",
    data: tierReached,
    example: exampleChange,
  }),
  "customer.tier_downgrade": row({
    group: "tiers",
    title: "Tier downgrade",
    about:
      "The member's lifetime points no longer meet the tier, typically after a refund, or the program's tiers were changed. `new_tier` is null where the points are below the lowest tier.",
    data: tierChange,
    example: {
      ...exampleChange,
      previous_tier: "Silver",
      previous_tier_id: "silver",
      previous_level: 2,
      new_tier: "Member",
      new_tier_id: "member",
      new_level: 1,
      lifetime_points: 487,
      triggered_by: "reversal",
      trigger_event_type: "points.reversed",
    },
  }),
} as const;
