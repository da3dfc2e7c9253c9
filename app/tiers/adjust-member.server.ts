// The use case of a manual adjustment: points, then the tier where they count for it, in one transaction.
import { adjust } from "../ledger/adjust.server.ts";
import type { Adjusted, Adjustment } from "../ledger/adjust.server.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { lockMembers } from "../members/lock.server.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { Within } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { settleTier } from "./settle.server.ts";

/** Adjusts a member's points by hand; refuses as `adjust` does, and a member that the shop does not have. */
export async function adjustMember(
  within: Within,
  memberId: string,
  asked: Adjustment,
): Promise<Result<Adjusted>> {
  return inShop(within, async (tx) => {
    const at = now();
    const [member] = await lockMembers(tx, { ids: [memberId] });
    if (!member) return refuse("member_unknown");
    const adjusted = await adjust(tx, member, asked, at);
    if (!adjusted.ok || !adjusted.value.posted) return adjusted;
    const { posted, entryId } = adjusted.value;
    const program = await currentProgram(tx);
    const occasion = { cause: "adjustment", program, at, entryId, trigger: null } as const;
    return accept({ member: settleTier(tx, adjusted.value.member, occasion), entryId, posted });
  });
}
