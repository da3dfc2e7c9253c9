// What a ledger entry is, and the events that follow from one.
import type { EventData } from "../events/catalogue.ts";
import type { Take } from "../loyalty/lots.ts";
import { about, balancesOf } from "../members/member.ts";
import type { Account, Member } from "../members/member.ts";

export type EntryKind =
  "earn" | "redeem" | "expire" | "reverse" | "restore" | "adjust" | "transfer" | "import";

/** One change of points, ready to be posted to a locked member. */
export type Entry = {
  readonly kind: EntryKind;
  /** Signed: what the balance changes by. */
  readonly points: number;
  /** Signed: what lifetime points change by. */
  readonly qualifying: number;
  /** Points of a reversal that were waived. */
  readonly shortfall: number;
  /** Signed: what the debt changes by. */
  readonly owed: number;
  /** Unique per shop: nothing is posted twice. */
  readonly source: string;
  readonly orderId: string | null;
  readonly actor: string;
  readonly reason: string | null;
  /** Where it came from: program version, tier, multiplier, eligible amount. */
  readonly basis: Readonly<Record<string, unknown>>;
  readonly occurredAt: Date;
  /** A credit opens one; null for a debit. */
  readonly lot: {
    readonly points: number;
    readonly availableAt: Date | null;
    readonly expiresAt: Date | null;
  } | null;
  readonly takes: readonly Take[];
};

export type Posted = {
  readonly entryId: string;
  readonly lotId: string | null;
  readonly entry: Entry;
  /** The member afterwards. */
  readonly member: Member;
};

/** The account after an entry. Lifetime points never fall below 0. */
export function accountAfter(account: Account, entry: Entry): Account {
  return {
    balance: account.balance + entry.points,
    pending: account.pending,
    held: account.held,
    owed: account.owed + entry.owed,
    lifetimePoints: Math.max(0, account.lifetimePoints + entry.qualifying),
  };
}

/** The data of `points.balance_changed`: one for each entry that changed the balance. */
export function balanceChanged({ entry, entryId, member }: Posted): EventData<"points.balance_changed"> {
  return {
    ...about(member),
    delta: entry.points,
    operation: entry.points < 0 ? "subtract" : "add",
    reason: entry.kind,
    ledger_entry_id: entryId,
    ...balancesOf(member),
  };
}
