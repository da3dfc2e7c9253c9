// What the data of every event is made of: the shared fields, and the shape of a catalogue row.
import { z } from "zod";

/** Who the event is about. All three are in every event of a member. */
export const aboutMember = {
  shopify_customer_id: z.string().describe("Digits of the customer's Shopify id, as text."),
  email: z.string().nullable().describe("The customer's e-mail address; null where Shopify gave none."),
  member_id: z.string().describe("The member's id in Laurel."),
};

/** The member's points after the event. `points_balance` is below zero while points are owed. */
export const balances = {
  points_balance: z.int().describe("Spendable points after the event."),
  points_pending: z.int().describe("Points that are not spendable yet."),
  points_reserved: z.int().describe("Points set aside for a checkout or an unfinished redemption."),
  lifetime_points: z.int().describe("Points earned over all time, net of refunds: what tiers count."),
};

export const exampleMember = {
  shopify_customer_id: "7100000000001",
  email: "ada@example.com",
  member_id: "mem_01JD8Q2Z6V3N5T7X9B1C3E5G7J",
};

export const exampleBalances = {
  points_balance: 162,
  points_pending: 0,
  points_reserved: 0,
  lifetime_points: 512,
};

export type EventGroup = "points" | "tiers" | "members" | "orders" | "webhooks" | "test";

/** One row of the catalogue. `about` is the paragraph of the documentation; `example` satisfies `data`. */
export type CatalogueRow<Data extends z.ZodType> = {
  readonly group: EventGroup;
  readonly title: string;
  readonly about: string;
  readonly data: Data;
  readonly example: z.input<Data>;
};

/** Types a row by its own schema, so that an example that does not fit fails to compile. */
export function row<Data extends z.ZodType>(definition: CatalogueRow<Data>): CatalogueRow<Data> {
  return definition;
}
