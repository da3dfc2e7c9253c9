// A member as the use cases hold it: locked, with the point columns that a posting changes.
import type { EventData } from "../events/catalogue.ts";

export type MemberState = "active" | "deactivated" | "redacted";

/** A member's points. `balance` = Σ entries = Σ lots − owed. */
export type Account = {
  readonly balance: number;
  readonly pending: number;
  readonly held: number;
  readonly owed: number;
  readonly lifetimePoints: number;
};

export type Member = Account & {
  readonly id: string;
  /** Digits of the customer's gid; null after redaction. */
  readonly customerId: string | null;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly state: MemberState;
  readonly tierId: string | null;
  readonly tierSince: Date | null;
  /** Digits of the customer who took over. */
  readonly mergedInto: string | null;
  readonly joinedAt: Date;
  /** Of the newest ledger entry, by when it happened; of joining before that. */
  readonly lastActivityAt: Date;
  /** How new the profile is, by Shopify's updated_at; null where it was never said. */
  readonly profileAsOf: Date | null;
};

type About = Pick<EventData<"points.earned">, "shopify_customer_id" | "email" | "member_id">;
type Balances = Pick<
  EventData<"points.reversed">,
  "points_balance" | "points_pending" | "points_reserved" | "lifetime_points"
>;

/** The three fields that every event of a member begins with; the id is "" once the customer was erased. */
export function about(member: Pick<Member, "id" | "customerId" | "email">): About {
  return { shopify_customer_id: member.customerId ?? "", email: member.email, member_id: member.id };
}

/** The account as events state it. */
export function balancesOf(account: Account): Balances {
  return {
    points_balance: account.balance - account.held,
    points_pending: account.pending,
    points_reserved: account.held,
    lifetime_points: account.lifetimePoints,
  };
}
