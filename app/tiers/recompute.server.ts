// Every night: each member is in the tier that lifetime points and the program in force reach, or is put there. What a
// lost job or a race left behind ends here, with the events of the usual way.
import type { ShopId } from "../loyalty/ids.ts";
import type { Tier } from "../loyalty/program.ts";
import { tierFor } from "../loyalty/tiers.ts";
import { lockMembers } from "../members/lock.server.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Step } from "../platform/upkeep.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { settleTier } from "./settle.server.ts";

export const RECOMPUTE_BATCH = 200;

type Seen = { readonly id: string; readonly lifetimePoints: number; readonly tierId: string | null };

/** Settles the next active members after `after` whose tier is not the one they reach; found = how many that were. */
export function recomputeNext(shop: ShopId, after: string): Promise<Step> {
  return inShop(shop, async (tx) => {
    const program = await currentProgram(tx);
    const { tiers } = program.settings;
    const members = await nextMembers(tx, after);
    const astray = members.filter((member) => reached(tiers, member) !== member.tierId);
    let found = 0;
    // Only these are locked, and judged again then: an order may have settled one of them a moment ago.
    for (const member of await lockMembers(tx, { ids: astray.map(({ id }) => id) })) {
      const computed = reached(tiers, member);
      if (member.state !== "active" || computed === member.tierId) continue;
      settleTier(tx, member, { cause: "schedule", program, at: now(), entryId: null, trigger: null });
      log.warn("tier.healed", { shop, member: member.id, stored: member.tierId, computed });
      found += 1;
    }
    return { after: members.length < RECOMPUTE_BATCH ? null : (members.at(-1)?.id ?? null), found };
  });
}

const reached = (tiers: readonly Tier[], { lifetimePoints }: Seen) =>
  tierFor(tiers, lifetimePoints)?.id ?? null;

function nextMembers(tx: ShopTx, after: string): Promise<readonly Seen[]> {
  return tx.db.$queryRaw<Seen[]>`
    SELECT member_id AS id, lifetime_points AS "lifetimePoints", tier_id AS "tierId" FROM member
    WHERE shop_id = ${tx.shopId} AND state = 'active' AND member_id > ${after}
    ORDER BY member_id LIMIT ${RECOMPUTE_BATCH}`;
}
