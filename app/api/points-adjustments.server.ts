// POST /v1/customers/{id}/points: points given or taken by hand, once for each Idempotency-Key.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { entryById } from "../ledger/queries.server.ts";
import { MAX_POINTS_PER_ADJUSTMENT } from "../loyalty/points.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { memberNamed } from "../members/queries.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { Within } from "../platform/db.server.ts";
import { adjustMember } from "../tiers/adjust-member.server.ts";
import { documentOf, operation, resource } from "./operation.ts";
import { time } from "./time.ts";

/** How an address names a customer. */
export const WHICH_CUSTOMER = "`{id}` is the member's id, the customer's Shopify id, or the e-mail address.";

const Adjustment = resource(
  "points_adjustment",
  z.object({
    customer_id: z.string().describe("The member's id."),
    adjustment: z.int(),
    note: z.string(),
    points_before: z.int(),
    points_after: z.int(),
    created_at: time,
  }),
);

const asked = z.strictObject({
  adjustment: z
    .int()
    .describe(
      `Points to add, or to take where below zero; up to ${MAX_POINTS_PER_ADJUSTMENT.toLocaleString("en")} at once.`,
    ),
  note: z.string().max(2_000).describe("Why; 1 to 500 characters. Merchants and subscriptions read it."),
  update_lifetime_points: z.boolean().optional().describe("Whether tiers count it; true unless said."),
  send_email: z.boolean().optional().describe("Taken from clients of Mage; Laurel sends no e-mail."),
});

/** Points by hand, over REST. */
export const adjustPoints = operation({
  id: "adjustPoints",
  method: "POST",
  path: "/v1/customers/{id}/points",
  area: "customers",
  access: "full",
  summary: "Adjust a customer's points",
  about: `${WHICH_CUSTOMER} Tiers count it unless \`update_lifetime_points\` is false. More points than the customer has cannot be taken: the balance never falls below zero by hand. Here an \`Idempotency-Key\` counts for good, and for the whole shop: an adjustment posts once, also after the day that its answer is kept.`,
  body: asked,
  example: { adjustment: 100, note: "Sorry for the delay", update_lifetime_points: false },
  status: 201,
  answer: documentOf(Adjustment),
  refusals: [
    "member_unknown",
    "member_inactive",
    "points_zero",
    "points_too_many",
    "note_missing",
    "note_too_long",
    "insufficient_points",
    "source_reused",
  ],
  run: async ({ within, keyId, params: { id = "" }, body, idempotencyKey }) => {
    const memberId = await inShop(within, (tx) => memberNamed(tx, id));
    if (memberId === null) return refuse("member_unknown");
    const adjusted = await adjustMember(within, memberId, {
      points: body.adjustment,
      note: body.note,
      actor: `api:${keyId}`,
      // Kept with the ledger's entry for good: a retry after the answer was forgotten still posts once.
      key: `api:${idempotencyKey ?? randomUUID()}`,
      countsForTier: body.update_lifetime_points ?? true,
    });
    return adjusted.ok ? entryShown(within, memberId, adjusted.value.entryId) : adjusted;
  },
});

async function entryShown(
  within: Within,
  memberId: string,
  entryId: string,
): Promise<Result<{ data: z.output<typeof Adjustment> }>> {
  const entry = await inShop(within, (tx) => entryById(tx, entryId));
  if (entry === null) throw new Error(`Entry ${entryId} is gone`);
  const { points, reason, balanceAfter, occurredAt } = entry;
  const attributes = {
    customer_id: memberId,
    adjustment: points,
    note: reason ?? "",
    points_before: balanceAfter - points,
    points_after: balanceAfter,
    created_at: occurredAt.toISOString(),
  };
  return accept({ data: { type: "points_adjustment" as const, id: entryId, attributes } });
}
