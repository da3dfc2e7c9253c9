// Catalogue: who joins, changes and leaves.
import { z } from "zod";
import { aboutMember, exampleMember, row } from "./shapes.ts";

const change = z.object({
  before: z.string().nullable().describe("What it was; null for nothing."),
  after: z.string().nullable().describe("What it is now; null for nothing."),
});

export const memberEvents = {
  "member.created": row({
    group: "members",
    title: "Member created",
    about:
      "A customer was enrolled: by registering with the shop, by a first order, by hand, or by an import that asked for events. The first tier follows as `customer.tier_assigned`.",
    data: z.object({
      ...aboutMember,
      source: z
        .enum(["customer", "order", "merge", "manual", "api", "import"])
        .describe("What enrolled the customer."),
      tier: z.string().nullable().describe("Name of the tier at enrolment; null for none."),
      referral_code: z.string().nullable().describe("Null: there are no referrals yet."),
      referred_by: z.string().nullable().describe("Null: there are no referrals yet."),
      created_at: z.iso.datetime().describe("When the customer was enrolled."),
    }),
    example: {
      ...exampleMember,
      source: "order",
      tier: "Member",
      referral_code: null,
      referred_by: null,
      created_at: "2026-11-01T19:00:00.000Z",
    },
  }),
  "member.updated": row({
    group: "members",
    title: "Member updated",
    about: "Fields of the member's profile changed. `changes` holds only what changed, before and after.",
    data: z.object({
      ...aboutMember,
      changes: z
        .partialRecord(z.enum(["email", "first_name", "last_name"]), change)
        .describe("What changed: `email`, `first_name`, `last_name`, each only where it did."),
    }),
    example: {
      ...exampleMember,
      changes: { email: { before: "ada@old.example", after: "ada@example.com" } },
    },
  }),
  "member.deactivated": row({
    group: "members",
    title: "Member deactivated",
    about:
      "The member takes no further part: deleted or merged in Shopify, erased on request, or excluded by staff. `points_forfeited` is the balance that ended with it; after a merge it is 0, because the points moved.",
    data: z.object({
      ...aboutMember,
      reason: z.enum(["deleted", "merged", "redacted", "excluded"]).describe("Why the member's part ended."),
      actor: z.string().describe("Who did it; `shopify` where a webhook of Shopify's said so."),
      points_forfeited: z.int().describe("Points that ended with it; 0 after a merge."),
      merged_into: z
        .string()
        .nullable()
        .describe("Id of the member who took over, after a merge; null otherwise."),
    }),
    example: {
      ...exampleMember,
      reason: "deleted",
      actor: "shopify",
      points_forfeited: 0,
      merged_into: null,
    },
  }),
} as const;
