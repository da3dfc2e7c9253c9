// A correction by hand or through the API: a note says why, and the same source is posted once.
import { record } from "../events/record.server.ts";
import { allocate, openLot } from "../loyalty/lots.ts";
import { isPoints, MAX_POINTS_PER_ADJUSTMENT } from "../loyalty/points.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Refused, Result } from "../loyalty/refusal.ts";
import { about, balancesOf } from "../members/member.ts";
import type { Member } from "../members/member.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { accountAfter, balanceChanged } from "./entry.ts";
import type { Entry, Posted } from "./entry.ts";
import { lotsOf } from "./lots.server.ts";
import { post } from "./post.server.ts";

export const MAX_NOTE = 500;

/** `points` signed; `key` makes the adjustment happen once, however often it is sent. */
export type Adjustment = {
  readonly points: number;
  readonly note: string;
  readonly actor: string;
  readonly key: string;
  /** Whether tiers count it. */
  readonly countsForTier: boolean;
};

/** `entryId` is there for a repeated key too, which posts nothing. */
export type Adjusted = { readonly member: Member; readonly entryId: string; readonly posted: Posted | null };

/**
 * Adjusts a locked member's points. Refuses what is no whole number, zero, too much at once or for one account, without
 * a note, more than the member has, or a key that served for another adjustment. A repeated key posts nothing and
 * answers `posted: null`.
 */
export async function adjust(
  tx: ShopTx,
  member: Member,
  asked: Adjustment,
  at: Date,
): Promise<Result<Adjusted>> {
  const problem = problemOf(member, asked);
  if (problem) return problem;
  const source = `adjust:${asked.key}`;
  const before = await postedBefore(tx, source);
  if (before) {
    const { entryId } = before;
    return isSame(before, member, asked)
      ? accept({ member, entryId, posted: null })
      : refuse("source_reused");
  }
  const funding =
    asked.points > 0 ? credit(member, asked.points, at) : await debit(tx, member, -asked.points, at);
  if (!funding) return refuse("insufficient_points", { field: "points" });
  const entry = { ...common(asked, source, at), ...funding };
  if (overflows(member, entry)) return refuse("points_too_many", { field: "points" });
  const posted = post(tx, member, entry);
  recordAdjusted(tx, posted, asked);
  return accept({ member: posted.member, entryId: posted.entryId, posted });
}

function problemOf(member: Member, asked: Adjustment): Refused | null {
  if (!Number.isSafeInteger(asked.points)) return refuse("points_not_whole", { field: "points" });
  if (asked.points === 0) return refuse("points_zero", { field: "points" });
  if (Math.abs(asked.points) > MAX_POINTS_PER_ADJUSTMENT)
    return refuse("points_too_many", { field: "points" });
  if (asked.note.trim() === "") return refuse("note_missing", { field: "note" });
  if (asked.note.length > MAX_NOTE) return refuse("note_too_long", { field: "note" });
  return member.state === "active" ? null : refuse("member_inactive");
}

type Before = Pick<Adjustment, "points" | "countsForTier"> & {
  readonly entryId: string;
  readonly memberId: string;
  readonly note: string | null;
};

async function postedBefore(tx: ShopTx, source: string): Promise<Before | undefined> {
  const [before] = await tx.db.$queryRaw<Before[]>`
    SELECT entry_id AS "entryId", member_id AS "memberId", points, reason AS note,
      (basis->>'countsForTier')::boolean AS "countsForTier"
    FROM ledger_entry WHERE shop_id = ${tx.shopId} AND source = ${source}`;
  return before;
}

function isSame(before: Before, member: Member, asked: Adjustment): boolean {
  // Redaction takes the note away.
  const isNote = before.note === null || before.note === asked.note.trim();
  const isPosted = before.memberId === member.id && before.points === asked.points;
  return isPosted && isNote && before.countsForTier === asked.countsForTier;
}

function overflows(member: Member, entry: Entry): boolean {
  const { balance, lifetimePoints } = accountAfter(member, entry);
  // Whatever an account holds, points may be taken from it.
  return entry.points > 0 && !(isPoints(balance) && isPoints(lifetimePoints));
}

type Funding = Pick<Entry, "lot" | "takes" | "owed">;

function credit(member: Member, points: number, at: Date): Funding {
  const { lot, paid } = openLot(points, member.owed);
  return { lot: { points: lot, availableAt: at, expiresAt: null }, takes: [], owed: -paid };
}

async function debit(tx: ShopTx, member: Member, points: number, at: Date): Promise<Funding | null> {
  if (points > member.balance - member.held) return null;
  const { takes, missing } = allocate(await lotsOf(tx, member.id, at), points);
  return missing > 0 ? null : { lot: null, takes, owed: 0 };
}

function common(asked: Adjustment, source: string, at: Date): Omit<Entry, keyof Funding> {
  return {
    kind: "adjust",
    points: asked.points,
    qualifying: asked.countsForTier ? asked.points : 0,
    shortfall: 0,
    source,
    orderId: null,
    actor: asked.actor,
    reason: asked.note.trim(),
    basis: { countsForTier: asked.countsForTier },
    occurredAt: at,
  };
}

function recordAdjusted(tx: ShopTx, posted: Posted, asked: Adjustment): void {
  const { member, entry, entryId, lotId } = posted;
  const to = { memberId: member.id, occurredAt: entry.occurredAt };
  const note = { delta: entry.points, note: asked.note.trim(), actor: asked.actor, ledger_entry_id: entryId };
  if (entry.points > 0 && lotId !== null) {
    record(tx, { ...to, type: "points.earned", data: earnedByHand(posted, lotId) });
  }
  record(tx, {
    ...to,
    type: "points.adjusted",
    data: { ...about(member), ...note, ...balancesOf(member) },
  });
  record(tx, { ...to, type: "points.balance_changed", data: balanceChanged(posted) });
}

function earnedByHand({ member, entry, entryId }: Posted, lotId: string) {
  const { points_balance, lifetime_points, points_pending, points_reserved } = balancesOf(member);
  return {
    ...about(member),
    points_earned: entry.points,
    points_balance,
    lifetime_points,
    source: "manual" as const,
    earning_rule_name: null,
    order_number: null,
    ledger_entry_id: entryId,
    lot: { id: lotId, available_from: entry.occurredAt.toISOString(), expires_at: null },
    order_id: null,
    rule_id: null,
    base_points: null,
    multiplier: null,
    points_pending,
    points_reserved,
  };
}
