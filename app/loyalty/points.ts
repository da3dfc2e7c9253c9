// Points: whole numbers, with the bounds that keep every sum of them exact.

/** Whole points; signed where a change is meant. */
export type Points = number;

/** No order earns more, however absurd its amounts; the decision record says when this cut something off. */
export const MAX_POINTS_PER_ORDER = 10_000_000;
/** The most that one manual adjustment may give or take. */
export const MAX_POINTS_PER_ADJUSTMENT = 10_000_000;
/** A balance, a debt or lifetime points: the database's integer, kept well inside. */
export const MAX_POINTS = 2_000_000_000;

/** Whether the number is whole and small enough to be counted exactly. */
export function isPoints(value: number): boolean {
  return Number.isSafeInteger(value) && Math.abs(value) <= MAX_POINTS;
}

/** How many points more an account can take, so that neither its balance nor its lifetime points leave the bound. */
export function roomIn(account: { readonly balance: Points; readonly lifetimePoints: Points }): Points {
  return Math.max(0, MAX_POINTS - Math.max(account.balance, account.lifetimePoints));
}
