// What an order does to the ledger: gives points, or takes back what it gave.
import { openLot, planReversal } from "../loyalty/lots.ts";
import type { SpentPolicy } from "../loyalty/program.ts";
import type { Member } from "../members/member.ts";
import type { ShopTx } from "../platform/db.server.ts";
import type { Posted } from "./entry.ts";
import { lotsOf } from "./lots.server.ts";
import { post } from "./post.server.ts";

/** `points` above 0; `posting` counts the order's postings, which makes the source unique. */
export type OrderPoints = {
  readonly orderId: string;
  readonly points: number;
  readonly posting: number;
  readonly actor: string;
  readonly reason: string | null;
  readonly basis: Readonly<Record<string, unknown>>;
  readonly at: Date;
};

/** Gives an order's points: the member's debt is paid first, a lot opens with what is left. */
export function earnFromOrder(tx: ShopTx, member: Member, given: OrderPoints): Posted {
  const { lot, paid } = openLot(given.points, member.owed);
  return post(tx, member, {
    kind: "earn",
    points: given.points,
    qualifying: given.points,
    shortfall: 0,
    owed: -paid,
    source: `order:${given.orderId}:earn:${given.posting}`,
    orderId: given.orderId,
    actor: given.actor,
    reason: given.reason,
    basis: { ...given.basis, owedPaid: paid },
    occurredAt: given.at,
    lot: { points: lot, availableAt: given.at, expiresAt: null },
    takes: [],
  });
}

/**
 * Takes an order's points back: from its own lots, then from others, then owed or waived by policy. Lifetime points
 * fall by all of it. `reversed` names the entries that had given them.
 */
export async function takeBackFromOrder(
  tx: ShopTx,
  member: Member,
  taken: OrderPoints & { readonly policy: SpentPolicy },
): Promise<Posted & { readonly reversed: readonly string[] }> {
  const lots = await lotsOf(tx, member.id, taken.at, taken.orderId);
  const own = lots.filter((lot) => lot.orderId === taken.orderId);
  const others = lots.filter((lot) => lot.orderId !== taken.orderId);
  const plan = planReversal({ points: taken.points, own, others, policy: taken.policy });
  const posted = post(tx, member, {
    kind: "reverse",
    points: -plan.posted,
    qualifying: -taken.points,
    shortfall: plan.shortfall,
    owed: plan.owed,
    source: `order:${taken.orderId}:reverse:${taken.posting}`,
    orderId: taken.orderId,
    actor: taken.actor,
    reason: taken.reason,
    basis: taken.basis,
    occurredAt: taken.at,
    lot: null,
    takes: plan.takes,
  });
  return { ...posted, reversed: own.map((lot) => lot.entryId) };
}
