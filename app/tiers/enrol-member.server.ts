// Enrols a customer and gives the first tier: the two always go together.
import { tierFor } from "../loyalty/tiers.ts";
import { enrol } from "../members/enrol.server.ts";
import type { EnrolledBy } from "../members/enrol.server.ts";
import { lockSuccessor } from "../members/lock.server.ts";
import type { Member } from "../members/member.ts";
import type { ShopTx } from "../platform/db.server.ts";
import type { Program } from "../program/load.server.ts";
import type { CustomerSeen } from "../shopify/customer.ts";
import { settleTier } from "./settle.server.ts";

/** The customer's member, locked, enrolled now where there was none; after a merge, the member who took over. */
export async function enrolMember(
  tx: ShopTx,
  customer: CustomerSeen,
  by: { source: EnrolledBy; program: Program; at: Date },
): Promise<{ member: Member; created: boolean }> {
  const { program, at } = by;
  const tier = tierFor(program.settings.tiers, 0)?.name ?? null;
  const { member, created } = await enrol(tx, customer, { source: by.source, tier, at });
  if (!created) return { member: await lockSuccessor(tx, member), created };
  const settled = settleTier(tx, member, {
    cause: "enrolment",
    program,
    at,
    entryId: null,
    trigger: null,
  });
  return { member: settled, created };
}
