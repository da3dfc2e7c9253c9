// Catalogue: what happens to a member's points. `points.earned` begins with Mage's eight fields, exactly.
import { z } from "zod";
import { aboutMember, balances, exampleBalances, exampleMember, row } from "./shapes.ts";

const ENTRY = "ent_01JD8Q2ZB4K6M8P0R2T4V6X8Z0";
const ORDER = "gid://shopify/Order/6200000000007";

export const pointsEvents = {
  "points.earned": row({
    group: "points",
    title: "Points earned",
    about:
      "Points became spendable, from any source: an order, a rule, a manual adjustment, a referral. `points_earned` is what this event gave; an order that is edited upward later sends another one with the difference only. `points_balance` is the balance afterwards.",
    data: z.object({
      shopify_customer_id: aboutMember.shopify_customer_id,
      email: aboutMember.email,
      points_earned: z.int().positive().describe("Points given by this event."),
      points_balance: balances.points_balance,
      lifetime_points: balances.lifetime_points,
      source: z.enum(["earning_rule", "manual", "referral"]).describe("What kind of cause gave them."),
      earning_rule_name: z.string().nullable().describe("The rule's name; null for manual ones."),
      order_number: z.string().nullable().describe("The order's number without `#`; null without an order."),
      member_id: aboutMember.member_id,
      ledger_entry_id: z.string().describe("The ledger entry behind it."),
      lot: z
        .object({
          id: z.string().describe("The lot's id."),
          available_from: z.iso.datetime().describe("From when its points can be spent."),
          expires_at: z.iso
            .datetime()
            .nullable()
            .describe("When what is left of it expires; null for never."),
        })
        .nullable()
        .describe("The lot that they are kept in; null when a debt took all of them."),
      order_id: z.string().nullable().describe("The order's gid; null without an order."),
      rule_id: z.string().nullable().describe("The rule's id; null for manual ones."),
      base_points: z.int().nullable().describe("Points of the whole order before the tier's multiplier."),
      multiplier: z.string().nullable().describe("The tier's multiplier, as exact decimal text."),
      points_pending: balances.points_pending,
      points_reserved: balances.points_reserved,
    }),
    example: {
      shopify_customer_id: exampleMember.shopify_customer_id,
      email: exampleMember.email,
      points_earned: 62,
      points_balance: 162,
      lifetime_points: 512,
      source: "earning_rule",
      earning_rule_name: "Order",
      order_number: "1007",
      member_id: exampleMember.member_id,
      ledger_entry_id: ENTRY,
      lot: {
        id: "lot_01JD8Q2ZB4K6M8P0R2T4V6X8Z1",
        available_from: "2026-11-01T19:00:00.000Z",
        expires_at: null,
      },
      order_id: ORDER,
      rule_id: "order",
      base_points: 50,
      multiplier: "1.25",
      points_pending: 0,
      points_reserved: 0,
    },
  }),
  "points.reversed": row({
    group: "points",
    title: "Points reversed",
    about:
      "A refund, an edit, a cancellation or a change of customer took back points that an order had earned. `points` counts what was to be taken, `unrecovered_points` the part of it that was already spent and was waived; with the policy that lets members owe, the balance goes below zero instead.",
    data: z.object({
      ...aboutMember,
      direction: z
        .enum(["earned", "spent"])
        .describe("`earned`: earned points taken; `spent`: spent ones given back."),
      points: z.int().positive().describe("Points to be taken, as a positive number."),
      unrecovered_points: z.int().min(0).describe("The part of `points` that was spent already, and waived."),
      order_id: z.string().nullable().describe("The order's gid; null without an order."),
      order_number: z.string().nullable().describe("The order's number without `#`; null without an order."),
      refund_id: z.string().nullable().describe("The refund's gid, where one refund caused it."),
      reason: z
        .enum(["refund", "edit", "cancelled", "customer_changed"])
        .describe("What happened to the order."),
      ledger_entry_id: z
        .string()
        .nullable()
        .describe("Null when everything was waived and no entry was written."),
      reversed_entry_ids: z.array(z.string()).describe("The entries that had given the points."),
      ...balances,
    }),
    example: {
      ...exampleMember,
      direction: "earned",
      points: 25,
      unrecovered_points: 0,
      order_id: ORDER,
      order_number: "1007",
      refund_id: "gid://shopify/Refund/930000000002",
      reason: "refund",
      ledger_entry_id: "ent_01JD8Q31B4K6M8P0R2T4V6X8Z2",
      reversed_entry_ids: [ENTRY],
      ...exampleBalances,
    },
  }),
  "points.adjusted": row({
    group: "points",
    title: "Points adjusted",
    about:
      "Somebody corrected a balance by hand or through the API. `delta` is signed. An adjustment upward also sends `points.earned` with `source: manual`, as receivers written for Mage expect.",
    data: z.object({
      ...aboutMember,
      delta: z.int().describe("Signed change in points."),
      note: z.string().describe("Why, in the words of whoever did it."),
      actor: z.string().describe("Who did it."),
      ledger_entry_id: z.string().describe("The ledger entry behind it."),
      ...balances,
    }),
    example: {
      ...exampleMember,
      delta: -20,
      note: "Counted twice in March",
      actor: "staff:ada",
      ledger_entry_id: "ent_01JD8Q35B4K6M8P0R2T4V6X8Z3",
      ...exampleBalances,
    },
  }),
  "points.balance_changed": row({
    group: "points",
    title: "Balance changed",
    about:
      "The spendable balance changed, whatever the cause: exactly one for each ledger entry. Meant for systems that mirror balances; it comes in addition to the event that names the cause.",
    data: z.object({
      ...aboutMember,
      delta: z.int().describe("Signed change in points."),
      operation: z.enum(["add", "subtract"]).describe("The sign of `delta`."),
      reason: z
        .enum(["earn", "redeem", "expire", "reverse", "restore", "adjust", "transfer", "import"])
        .describe("The kind of the ledger entry."),
      ledger_entry_id: z.string().describe("The ledger entry behind it."),
      ...balances,
    }),
    example: {
      ...exampleMember,
      delta: 62,
      operation: "add",
      reason: "earn",
      ledger_entry_id: ENTRY,
      ...exampleBalances,
    },
  }),
} as const;
