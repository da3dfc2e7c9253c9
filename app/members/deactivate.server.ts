// Ends a member's part in the program; the ledger stays.
import { record } from "../events/record.server.ts";
import type { EventData } from "../events/catalogue.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { about } from "./member.ts";
import type { Member } from "./member.ts";

/** Deactivates a locked member and sends `member.deactivated`; one who is not active stays as is. */
export async function deactivate(
  tx: ShopTx,
  member: Member,
  why: { reason: EventData<"member.deactivated">["reason"]; actor: string; mergedInto?: Member; at: Date },
): Promise<void> {
  if (member.state !== "active") return;
  await tx.db.$executeRaw`
    UPDATE member SET state = 'deactivated', merged_into = ${why.mergedInto?.customerId ?? null}
    WHERE shop_id = ${tx.shopId} AND member_id = ${member.id}`;
  record(tx, {
    type: "member.deactivated",
    memberId: member.id,
    occurredAt: why.at,
    data: {
      ...about(member),
      reason: why.reason,
      actor: why.actor,
      points_forfeited: why.mergedInto ? 0 : Math.max(0, member.balance),
      merged_into: why.mergedInto?.id ?? null,
    },
  });
}
