// /v1/customers: the shop's members, by Mage's names, as lists and one by one.
import { z } from "zod";
import type { Tier } from "../loyalty/program.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { listMembers } from "../members/list-members.server.ts";
import type { MembersAsked, MemberSort } from "../members/list-members.server.ts";
import type { Member } from "../members/member.ts";
import { memberById, memberNamed } from "../members/queries.server.ts";
import { inShop } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { documentOf, operation, resource } from "./operation.ts";
import { countedPageOfQuery, listed, listOf, numberedPageQuery } from "./pages.ts";
import { adjustPoints, WHICH_CUSTOMER } from "./points-adjustments.server.ts";
import { time } from "./time.ts";

const at = "/v1/customers";
const area = "customers";

const Customer = resource(
  "customer",
  z.object({
    shopify_customer_id: z.string().nullable().describe("Digits; null once the customer was erased."),
    email: z.string().nullable(),
    first_name: z.string().nullable(),
    last_name: z.string().nullable(),
    current_points: z.int().describe("Spendable points; below zero while points are owed."),
    points_pending: z.int(),
    points_reserved: z.int(),
    lifetime_points: z.int().describe("Earned over all time, net of refunds: what tiers count."),
    redeemed_points: z.int().describe("Spent on rewards: 0, there are no rewards yet."),
    points_expire_at: time.nullable().describe("Null: points do not expire yet."),
    loyalty_status: z.enum(["member", "excluded"]).describe("excluded: deactivated, earns nothing."),
    vip_tier: z
      .object({
        id: z.string(),
        name: z.string(),
        points_required: z.int().describe("Lifetime points."),
        points_multiplier: z.string().describe("Exact decimal text."),
      })
      .nullable(),
    created_at: time.describe("Of joining."),
    updated_at: time.describe("Of the newest change known: of points, tier or profile."),
    last_activity_at: time.describe("Of the newest change of points."),
  }),
);

const presentTier = ({ id, name, threshold, multiplier }: Tier) => ({
  id,
  name,
  points_required: threshold,
  points_multiplier: multiplier,
});

function updatedAt({ joinedAt, lastActivityAt, tierSince, profileAsOf }: Member): Date {
  return [joinedAt, lastActivityAt, tierSince, profileAsOf].reduce<Date>(
    (newest, at) => (at !== null && at > newest ? at : newest),
    joinedAt,
  );
}

function present(member: Member, tiers: readonly Tier[]): z.output<typeof Customer> {
  const tier = tiers.find(({ id }) => id === member.tierId);
  return {
    type: "customer",
    id: member.id,
    attributes: {
      shopify_customer_id: member.customerId,
      email: member.email,
      first_name: member.firstName,
      last_name: member.lastName,
      current_points: member.balance - member.held,
      points_pending: member.pending,
      points_reserved: member.held,
      lifetime_points: member.lifetimePoints,
      redeemed_points: 0,
      points_expire_at: null,
      loyalty_status: member.state === "active" ? "member" : "excluded",
      vip_tier: tier === undefined ? null : presentTier(tier),
      created_at: member.joinedAt.toISOString(),
      updated_at: updatedAt(member).toISOString(),
      last_activity_at: member.lastActivityAt.toISOString(),
    },
  };
}

const SORTS = {
  created_at: "joined",
  current_points: "points",
  lifetime_points: "lifetime",
} as const satisfies Record<string, MemberSort>;
const sorts = [
  "created_at",
  "-created_at",
  "current_points",
  "-current_points",
  "lifetime_points",
  "-lifetime_points",
] as const;

const query = z.object({
  ...numberedPageQuery,
  "filter[search]": z
    .string()
    .max(100)
    .optional()
    .describe("Part of a name or address, or a Shopify customer id."),
  "filter[email]": z.string().max(320).optional().describe("The whole address."),
  "filter[vip_tier]": z.string().max(64).optional().describe("A tier's id, or `none`."),
  sort: z.enum(sorts).optional().describe("-created_at unless said."),
});

function askedBy(asked: z.output<typeof query>): MembersAsked {
  const by = asked.sort ?? "-created_at";
  const wanted = {
    search: asked["filter[search]"],
    email: asked["filter[email]"],
    tierId: asked["filter[vip_tier]"],
  };
  return {
    ...countedPageOfQuery(asked),
    sort: SORTS[by.replace("-", "") as keyof typeof SORTS],
    descending: by.startsWith("-"),
    ...Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined)),
  };
}

const reads = [
  operation({
    id: "listCustomers",
    method: "GET",
    path: at,
    area,
    access: "read",
    summary: "List customers",
    about: "The members of the program; erased ones are not among them.",
    query,
    status: 200,
    answer: listOf(Customer),
    refusals: ["cursor_invalid", "page_too_far"],
    run: (call) =>
      inShop(call.shopId, async (tx) => {
        const { settings } = await currentProgram(tx);
        const found = await listMembers(tx, askedBy(call.query));
        const page = found.ok ? accept({ ...found.value, rows: found.value.members }) : found;
        return listed(call, page, (member) => present(member, settings.tiers));
      }),
  }),
  operation({
    id: "getCustomer",
    method: "GET",
    path: `${at}/{id}`,
    area,
    access: "read",
    summary: "Get a customer",
    about: WHICH_CUSTOMER,
    status: 200,
    answer: documentOf(Customer),
    refusals: ["member_unknown"],
    run: ({ shopId, params: { id = "" } }) =>
      inShop(shopId, async (tx) => {
        const memberId = await memberNamed(tx, id);
        const member = memberId === null ? null : await memberById(tx, memberId);
        if (member === null || member.state === "redacted") return refuse("member_unknown");
        const { settings } = await currentProgram(tx);
        return accept({ data: present(member, settings.tiers) });
      }),
  }),
];

/** All of /v1/customers. */
export const customers = [...reads, adjustPoints];
