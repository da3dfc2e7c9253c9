// Puts a member in the tier that lifetime points reach: one row and one event for each change.
import type { EventData } from "../events/catalogue.ts";
import { record } from "../events/record.server.ts";
import type { Tier } from "../loyalty/program.ts";
import { levelOf, tierFor, tierMove } from "../loyalty/tiers.ts";
import { about } from "../members/member.ts";
import type { Member } from "../members/member.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";

export type TierCause =
  "enrolment" | "order" | "refund" | "adjustment" | "merge" | "policy_change" | "schedule";

/** How each cause is told in events. */
const TRIGGERED_BY: Readonly<Record<TierCause, EventData<"customer.tier_upgrade">["triggered_by"]>> = {
  enrolment: "event",
  order: "event",
  refund: "reversal",
  adjustment: "manual",
  merge: "event",
  policy_change: "policy_change",
  schedule: "schedule",
};

export type TierOccasion = {
  readonly cause: TierCause;
  readonly program: { readonly version: number; readonly settings: { readonly tiers: readonly Tier[] } };
  readonly at: Date;
  readonly entryId: string | null;
  /** The event that made the points change. */
  readonly trigger: { readonly id: string; readonly type: string } | null;
};

/**
 * Settles a locked member's tier by today's program and answers with the member afterwards. Skipping tiers is one
 * change and one event. Writes nothing where the tier stays.
 */
export function settleTier(tx: ShopTx, member: Member, occasion: TierOccasion): Member {
  const { tiers } = occasion.program.settings;
  const reached = tierFor(tiers, member.lifetimePoints);
  if ((reached?.id ?? null) === member.tierId) return member;
  const settled = { ...member, tierId: reached?.id ?? null, tierSince: occasion.at };
  const moved = tx.db.$executeRaw`
    WITH changed AS (
      INSERT INTO tier_change (tier_change_id, shop_id, member_id, from_tier_id, to_tier_id, cause, entry_id,
        program_version, occurred_at)
      VALUES (${newId("tch")}, ${tx.shopId}, ${member.id}, ${member.tierId}, ${settled.tierId}, ${occasion.cause},
        ${occasion.entryId}, ${occasion.program.version}, ${occasion.at})
    )
    UPDATE member SET tier_id = ${settled.tierId}, tier_since = ${occasion.at}
    WHERE shop_id = ${tx.shopId} AND member_id = ${member.id}`;
  tx.unawaited(moved);
  recordMove(tx, { before: member, after: settled, occasion });
  return settled;
}

type Change = { before: Member; after: Member; occasion: TierOccasion };

function recordMove(tx: ShopTx, { before, after, occasion }: Change): void {
  const { tiers } = occasion.program.settings;
  const levels = { from: levelOf(tiers, before.tierId), to: levelOf(tiers, after.tierId) };
  const type = tierMove(levels.from, levels.to, before.tierSince !== null);
  if (!type) return;
  const nameOf = (id: string | null): string | null => tiers.find((tier) => tier.id === id)?.name ?? null;
  const data = {
    ...about(after),
    previous_tier: nameOf(before.tierId),
    lifetime_points: after.lifetimePoints,
    previous_tier_id: before.tierId,
    new_tier_id: after.tierId,
    previous_level: levels.from,
    new_level: levels.to,
    triggered_by: TRIGGERED_BY[occasion.cause],
    trigger_event_id: occasion.trigger?.id ?? null,
    trigger_event_type: occasion.trigger?.type ?? null,
    expires_at: null,
  };
  const to = { memberId: after.id, occurredAt: occasion.at };
  if (type === "customer.tier_downgrade") {
    record(tx, { ...to, type, data: { ...data, new_tier: nameOf(after.tierId) } });
  } else {
    record(tx, { ...to, type, data: { ...data, new_tier: nameOf(after.tierId) ?? "" } });
  }
}
