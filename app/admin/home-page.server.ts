// What the home page shows: the program's figures, the ledger's proof, the newest entries, what needs a look.
import type { ShopId } from "../loyalty/ids.ts";
import type { Tier } from "../loyalty/program.ts";
import { newestEntries } from "../ledger/activity.server.ts";
import type { Activity } from "../ledger/activity.server.ts";
import { proveLedger } from "../ledger/queries.server.ts";
import type { Proof } from "../ledger/queries.server.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { openNotices } from "../shops/notices.server.ts";
import type { OpenNotice } from "../shops/notices.server.ts";
import { membersByTier } from "../tiers/queries.server.ts";
import { findIncidents } from "../webhooks/find-incidents.server.ts";
import type { Incident } from "../webhooks/find-incidents.server.ts";

export type HomePage = {
  readonly tiers: readonly Tier[];
  readonly membersIn: readonly { readonly tierId: string | null; readonly members: number }[];
  readonly proof: Proof;
  readonly provedAt: Date;
  readonly activity: readonly Activity[];
  readonly notices: readonly OpenNotice[];
  readonly incidents: readonly Incident[];
};

/** All of the home page, in one transaction; the proof is made anew each time it is looked at. */
export function readHomePage(shopId: ShopId): Promise<HomePage> {
  return inShop(shopId, async (tx) => ({
    tiers: (await currentProgram(tx)).settings.tiers,
    membersIn: await membersByTier(tx),
    proof: await proveLedger(tx),
    provedAt: now(),
    activity: await newestEntries(tx),
    notices: await openNotices(tx),
    incidents: await findIncidents(tx),
  }));
}
