// Two customers became one: the points move, lot by lot as they are.
import { record } from "../events/record.server.ts";
import { allocate } from "../loyalty/lots.ts";
import { MAX_POINTS } from "../loyalty/points.ts";
import type { Member } from "../members/member.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { balanceChanged } from "./entry.ts";
import type { Entry, Posted } from "./entry.ts";
import { lotsOf } from "./lots.server.ts";
import { post } from "./post.server.ts";

/**
 * Moves everything that `from` has to `to`, both locked: lots with their remaining points and expiry, the debt and
 * lifetime points. Two `transfer` entries say so; no lot is opened or emptied by them. What one account cannot hold is
 * taken from `from` before. Answers with both afterwards.
 */
export async function moveAccount(
  tx: ShopTx,
  whole: Member,
  to: Member,
  at: Date,
): Promise<{ from: Member; to: Member }> {
  if (whole.balance === 0 && whole.owed === 0 && whole.lifetimePoints === 0) return { from: whole, to };
  const from = await fit(tx, whole, to, at);
  const out = post(tx, from, transfer(from, { direction: -1, other: to.id, at }));
  const qualifying = Math.min(from.lifetimePoints, MAX_POINTS - to.lifetimePoints);
  const into = post(tx, to, { ...transfer(from, { direction: 1, other: from.id, at }), qualifying });
  await tx.db.$executeRaw`
    UPDATE lot SET member_id = ${to.id} WHERE shop_id = ${tx.shopId} AND member_id = ${from.id}`;
  for (const posted of [out, into]) recordMoved(tx, posted);
  return { from: out.member, to: into.member };
}

/** Takes from `from` what the balance of both together would have too much: two accounts hold more than one may. */
async function fit(tx: ShopTx, from: Member, to: Member, at: Date): Promise<Member> {
  const excess = from.balance + to.balance - MAX_POINTS;
  if (excess <= 0) return from;
  const { takes, missing } = allocate(await lotsOf(tx, from.id, at), excess);
  const posted = post(tx, from, {
    ...transfer(from, { direction: -1, other: to.id, at }),
    kind: "adjust",
    points: missing - excess,
    qualifying: 0,
    owed: 0,
    source: `merge:${from.id}:excess`,
    reason: "more than one account can hold",
    takes,
  });
  recordMoved(tx, posted);
  return posted.member;
}

function transfer(from: Member, about: { direction: 1 | -1; other: string; at: Date }): Entry {
  const { direction } = about;
  return {
    kind: "transfer",
    points: direction * from.balance,
    qualifying: direction * from.lifetimePoints,
    shortfall: 0,
    owed: direction * from.owed,
    source: `merge:${from.id}:${direction > 0 ? "in" : "out"}`,
    orderId: null,
    actor: "shopify",
    reason: "customers merged",
    basis: { member: about.other },
    occurredAt: about.at,
    lot: null,
    takes: [],
  };
}

function recordMoved(tx: ShopTx, posted: Posted): void {
  if (posted.entry.points === 0) return;
  record(tx, {
    type: "points.balance_changed",
    memberId: posted.member.id,
    occurredAt: posted.entry.occurredAt,
    data: balanceChanged(posted),
  });
}
