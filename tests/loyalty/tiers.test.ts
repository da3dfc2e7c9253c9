// Which tier lifetime points reach, and what the step is called.
import { expect, test } from "vitest";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import { levelOf, nextTier, tierFor, tierMove } from "../../app/loyalty/tiers.ts";

const { tiers } = DEFAULT_PROGRAM;

test("a threshold is met by reaching it exactly", () => {
  expect([0, 499, 500, 1499, 1500, 9_999_999].map((points) => tierFor(tiers, points)?.name)).toEqual([
    "Member",
    "Member",
    "Silver",
    "Silver",
    "Gold",
    "Gold",
  ]);
});

test("below the lowest threshold there is no tier", () => {
  expect(tierFor(tiers.slice(1), 499)).toBeNull();
  expect(tierFor(tiers, -1)).toBeNull();
});

test("what is missing to the next tier, and nothing at the top", () => {
  expect(nextTier(tiers, 420)).toMatchObject({ tier: { name: "Silver" }, missing: 80 });
  expect(nextTier(tiers, 1500)).toBeNull();
});

test("levels count from the lowest threshold, 0 is none", () => {
  expect(tiers.map((tier) => levelOf(tiers, tier.id))).toEqual([1, 2, 3]);
  expect(levelOf(tiers, null)).toBe(0);
  expect(levelOf(tiers, "gone")).toBe(0);
});

test("a first tier is assigned; later ones are upgrades; falling below the lowest is a downgrade", () => {
  expect(tierMove(0, 1, false)).toBe("customer.tier_assigned");
  expect(tierMove(0, 1, true)).toBe("customer.tier_upgrade");
  expect(tierMove(1, 3, true)).toBe("customer.tier_upgrade");
  expect(tierMove(1, 0, true)).toBe("customer.tier_downgrade");
  expect(tierMove(2, 2, true)).toBeNull();
});
