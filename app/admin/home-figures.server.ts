// What takes a walk over the whole shop: the ledger's proof and the members of each tier. Made anew when somebody opens
// the home page; a page that stays open gets what was made a moment ago.
import type { ShopId } from "../loyalty/ids.ts";
import { proveLedger } from "../ledger/queries.server.ts";
import type { Proof } from "../ledger/queries.server.ts";
import { now } from "../platform/clock.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { membersByTier } from "../tiers/queries.server.ts";

export type Figures = {
  readonly proof: Proof;
  readonly provedAt: Date;
  readonly membersIn: readonly { readonly tierId: string | null; readonly members: number }[];
};

/** Figures are kept for so many times what they took: proving costs a hundredth of the time that a page stays open. */
const KEPT_TIMES = 100;
/** Shops whose figures one process keeps. */
const KEPT_SHOPS = 1_000;

const kept = new Map<ShopId, { readonly figures: Figures; readonly until: number }>();

/** The shop's figures. `anew`: not the kept ones, however new they are. */
export async function homeFigures(tx: ShopTx, { anew }: { readonly anew: boolean }): Promise<Figures> {
  const before = kept.get(tx.shopId);
  const provedAt = now();
  if (!anew && before !== undefined && provedAt.getTime() < before.until) return before.figures;
  const figures = { proof: await proveLedger(tx), membersIn: await membersByTier(tx), provedAt };
  const took = now().getTime() - provedAt.getTime();
  const [oldest] = kept.keys();
  kept.delete(tx.shopId);
  if (kept.size >= KEPT_SHOPS && oldest !== undefined) kept.delete(oldest);
  kept.set(tx.shopId, { figures, until: now().getTime() + took * KEPT_TIMES });
  return figures;
}
