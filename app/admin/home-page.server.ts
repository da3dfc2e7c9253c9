// What the home page shows: the program's figures, the ledger's proof, the newest entries, what needs a look.
import type { ShopId } from "../loyalty/ids.ts";
import type { Tier } from "../loyalty/program.ts";
import { newestEntries } from "../ledger/activity.server.ts";
import type { Activity } from "../ledger/activity.server.ts";
import { inShop } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";
import { openNotices } from "../shops/notices.server.ts";
import type { OpenNotice } from "../shops/notices.server.ts";
import { findIncidents } from "../webhooks/find-incidents.server.ts";
import type { Incident } from "../webhooks/find-incidents.server.ts";
import { homeFigures } from "./home-figures.server.ts";
import type { Figures } from "./home-figures.server.ts";

export type HomePage = Figures & {
  readonly tiers: readonly Tier[];
  readonly activity: readonly Activity[];
  readonly notices: readonly OpenNotice[];
  readonly incidents: readonly Incident[];
};

/** All of the home page, in one transaction; `opened`: somebody opens it, and the proof is made anew. */
export function readHomePage(shopId: ShopId, asked: { readonly opened: boolean }): Promise<HomePage> {
  return inShop(shopId, async (tx) => ({
    ...(await homeFigures(tx, { anew: asked.opened })),
    tiers: (await currentProgram(tx)).settings.tiers,
    activity: await newestEntries(tx),
    notices: await openNotices(tx),
    incidents: await findIncidents(tx),
  }));
}
