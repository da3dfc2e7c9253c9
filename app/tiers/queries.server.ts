// Reads of tiers: a member's changes, and how many members are in each.
import type { ShopTx } from "../platform/db.server.ts";

export const TIER_CHANGES_PAGE = 20;

export type TierChangeRow = {
  readonly id: string;
  readonly fromTierId: string | null;
  readonly toTierId: string | null;
  readonly cause: string;
  readonly entryId: string | null;
  readonly occurredAt: Date;
};

/** A member's newest changes of tier. */
export async function tierChangesOf(tx: ShopTx, memberId: string): Promise<readonly TierChangeRow[]> {
  return tx.db.$queryRaw<TierChangeRow[]>`
    SELECT tier_change_id AS id, from_tier_id AS "fromTierId", to_tier_id AS "toTierId", cause, entry_id AS "entryId",
      occurred_at AS "occurredAt"
    FROM tier_change WHERE shop_id = ${tx.shopId} AND member_id = ${memberId}
    ORDER BY occurred_at DESC, tier_change_id DESC LIMIT ${TIER_CHANGES_PAGE}`;
}

/** Active members by tier; null is no tier. */
export async function membersByTier(
  tx: ShopTx,
): Promise<readonly { tierId: string | null; members: number }[]> {
  return tx.db.$queryRaw<{ tierId: string | null; members: number }[]>`
    SELECT tier_id AS "tierId", count(*)::int AS members FROM member
    WHERE shop_id = ${tx.shopId} AND state = 'active' GROUP BY tier_id`;
}
