// What a merchant decides: how much an order earns, what of it counts, and the tiers. Versions are immutable.

/** A VIP tier: reached with `threshold` lifetime points or more; its members earn × `multiplier`. */
export type Tier = {
  readonly id: string;
  readonly name: string;
  /** Lifetime points, ≥. */
  readonly threshold: number;
  /** Exact decimal text, "1.25". */
  readonly multiplier: string;
};

/** What of an order earns points. Gift cards never do. */
export type Counts = {
  readonly tax: boolean;
  readonly shipping: boolean;
  readonly tips: boolean;
  readonly testOrders: boolean;
  readonly draftOrders: boolean;
};

/** When a reversal finds fewer points than it must take: let the member owe them, or take what is there. */
export type SpentPolicy = "owe" | "clamp";

export type ProgramSettings = {
  /** Points per whole unit of the shop's currency, exact decimal text: "1", "0.5". */
  readonly pointsPerUnit: string;
  readonly counts: Counts;
  readonly whenSpent: SpentPolicy;
  /** Lowest threshold first; thresholds differ. */
  readonly tiers: readonly Tier[];
};

export const MAX_TIERS = 10;
export const MAX_TIER_NAME = 40;
export const MAX_THRESHOLD = 1_000_000_000;
/** Decimal places that a rate or a multiplier may have. */
export const MAX_RATE_PLACES = 4;
export const MAX_RATE = 10_000;
export const MAX_MULTIPLIER = 100;

/** What a shop starts with at installation: a working program. */
export const DEFAULT_PROGRAM: ProgramSettings = {
  pointsPerUnit: "1",
  counts: { tax: false, shipping: false, tips: false, testOrders: false, draftOrders: true },
  whenSpent: "owe",
  tiers: [
    { id: "member", name: "Member", threshold: 0, multiplier: "1" },
    { id: "silver", name: "Silver", threshold: 500, multiplier: "1.25" },
    { id: "gold", name: "Gold", threshold: 1500, multiplier: "1.5" },
  ],
};
