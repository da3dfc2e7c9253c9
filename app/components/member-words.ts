// A member and the ledger in words.
import type { Tier } from "../loyalty/program.ts";

type Named = {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly customerId: string | null;
};

/** What a person calls a member: the name, else the address, else the customer's number. */
export function nameOf(member: Named): string {
  const name = [member.firstName, member.lastName].filter((part) => part !== null && part !== "").join(" ");
  return (
    name || member.email || (member.customerId === null ? "Erased customer" : `Customer ${member.customerId}`)
  );
}

/** A tier's name; one that the program no longer has is shown by its id. */
export function tierName(tiers: readonly Tier[], tierId: string | null): string {
  if (tierId === null) return "No tier";
  return tiers.find((tier) => tier.id === tierId)?.name ?? tierId;
}

type Entry = {
  readonly kind: string;
  readonly points: number;
  readonly shortfall: number;
  readonly orderName: string | null;
  readonly orderId: string | null;
  readonly reason: string | null;
  readonly actor: string;
};

/** The actor of an entry that an API key asked for begins so. */
const API = "api:";

/** A ledger entry as a sentence: "Earned from order #1001". */
export function entryInWords(entry: Entry): string {
  const order = entry.orderName || (entry.orderId === null ? "" : `order ${entry.orderId}`);
  const short = entry.shortfall > 0 ? ` (${entry.shortfall} more were already spent)` : "";
  switch (entry.kind) {
    case "earn":
      return order === "" ? "Earned" : `Earned from ${order}`;
    case "reverse":
      return `Taken back${order === "" ? "" : ` from ${order}`}${short}`;
    case "adjust":
      return `${entry.points > 0 ? "Added" : "Taken"} ${entry.actor.startsWith(API) ? "over the API" : "by hand"}`;
    case "transfer":
      return entry.points > 0 ? "Taken over from a merged customer" : "Moved to a merged customer";
    case "redeem":
      return "Redeemed";
    case "expire":
      return "Expired";
    case "restore":
      return "Given back";
    default:
      return "Imported";
  }
}

/** Why a member's tier changed. */
export const CAUSES: Readonly<Record<string, string>> = {
  order: "an order",
  refund: "a refund",
  adjustment: "an adjustment",
  schedule: "the nightly check",
  manual: "your team",
  policy_change: "a change of the program",
  import: "an import",
  enrolment: "joining",
  merge: "merged customers",
};
