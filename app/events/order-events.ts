// Catalogue: an order enters the ledger's view, and a guest's order finds its member.
import { z } from "zod";
import { aboutMember, exampleMember, row } from "./shapes.ts";

const orderNumber = z
  .string()
  .nullable()
  .describe("The order's number without `#`; null where Shopify gave none.");

export const orderEvents = {
  "order.recorded": row({
    group: "orders",
    title: "Order recorded",
    about:
      "An order was seen for the first time, matched with a member or not. Once per order: later edits and refunds show in the points. Amounts are decimal text in the shop's currency. `eligible_amount` is the part that counts for points.",
    data: z.object({
      shopify_customer_id: aboutMember.shopify_customer_id
        .nullable()
        .describe("Digits of the customer's Shopify id, as text; null where no member was matched."),
      email: aboutMember.email,
      member_id: aboutMember.member_id
        .nullable()
        .describe("The member's id in Laurel; null where none was matched."),
      order_id: z.string().describe("The order's gid."),
      order_number: orderNumber,
      amount: z.string().nullable().describe("The order's total; null where it could not be read."),
      currency: z
        .string()
        .nullable()
        .describe("Of both amounts, as ISO 4217 says; null where it could not be read."),
      eligible_amount: z
        .string()
        .nullable()
        .describe("The part of `amount` that counts for points; null where none was worked out."),
      matched: z.boolean().describe("False for a guest's order."),
    }),
    example: {
      shopify_customer_id: exampleMember.shopify_customer_id,
      email: exampleMember.email,
      member_id: exampleMember.member_id,
      order_id: "gid://shopify/Order/6200000000007",
      order_number: "1007",
      amount: "58.90",
      currency: "EUR",
      eligible_amount: "50.00",
      matched: true,
    },
  }),
  "order.matched": row({
    group: "orders",
    title: "Order matched",
    about:
      "An order that came without a customer now belongs to a member: by a verified e-mail address, by hand, or because Shopify named the customer later. `points_awarded` is what it earned then.",
    data: z.object({
      ...aboutMember,
      order_id: z.string().describe("The order's gid."),
      order_number: orderNumber,
      matched_by: z.enum(["email", "customer", "manual"]).describe("What led from the order to the member."),
      points_awarded: z.int().describe("Points that the order earned when it was matched."),
    }),
    example: {
      ...exampleMember,
      order_id: "gid://shopify/Order/6200000000009",
      order_number: "1009",
      matched_by: "email",
      points_awarded: 40,
    },
  }),
} as const;
