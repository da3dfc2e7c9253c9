// After a program was saved with other tiers: every member is settled again, in bounded batches.
import type { ShopId } from "../loyalty/ids.ts";
import { lockMembers } from "../members/lock.server.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { markBehind } from "./mirror.server.ts";
import { settleTier } from "./settle.server.ts";

export const POLICY_BATCH = 200;
/** Far more than a shop has members; a loop that gets here is broken. */
const MAX_BATCHES = 100_000;

/** Settles the next batch of members after `afterId`; null once there are no more. Safe to repeat. */
export async function applyPolicyBatch(shop: ShopId, afterId: string): Promise<string | null> {
  return inShop(shop, async (tx) => {
    const program = await currentProgram(tx);
    const ids = await tx.db.$queryRaw<{ id: string }[]>`
      SELECT member_id AS id FROM member
      WHERE shop_id = ${tx.shopId} AND state = 'active' AND member_id > ${afterId}
      ORDER BY member_id LIMIT ${POLICY_BATCH}`;
    const at = now();
    for (const member of await lockMembers(tx, { ids: ids.map(({ id }) => id) })) {
      settleTier(tx, member, { cause: "policy_change", program, at, entryId: null, trigger: null });
    }
    await markBehind(
      tx,
      ids.map(({ id }) => id),
    );
    return ids.length < POLICY_BATCH ? null : (ids.at(-1)?.id ?? null);
  });
}

/** Settles every member of the shop by today's program. */
export async function applyPolicy(shop: ShopId): Promise<void> {
  let after: string | null = "";
  for (let batch = 0; batch < MAX_BATCHES && after !== null; batch += 1)
    after = await applyPolicyBatch(shop, after);
}
