// Which points are taken first, what a reversal takes, and how a debt is paid.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allocate, byAllocationOrder, openLot, planReversal } from "../../app/loyalty/lots.ts";
import type { LotState } from "../../app/loyalty/lots.ts";

const lot = (
  id: string,
  remaining: number,
  expiresAt: string | null = null,
  createdAt = "2026-01-01",
): LotState => ({
  id,
  remaining,
  expiresAt,
  createdAt,
});

describe("the order of taking", () => {
  test("earliest expiry first, then oldest, then id; lots that never expire last", () => {
    const lots = [
      lot("d", 1, null, "2025-01-01"),
      lot("c", 1, "2027-01-01", "2026-02-01"),
      lot("b", 1, "2027-01-01", "2026-01-01"),
      lot("a", 1, "2026-12-01", "2026-03-01"),
      lot("bb", 1, "2027-01-01", "2026-01-01"),
    ];
    expect([...lots].sort(byAllocationOrder).map(({ id }) => id)).toEqual(["a", "b", "bb", "c", "d"]);
  });

  test("what the lots do not hold is missing", () => {
    expect(allocate([lot("a", 3), lot("b", 4)], 10)).toEqual({
      takes: [
        { lotId: "a", points: 3 },
        { lotId: "b", points: 4 },
      ],
      missing: 3,
    });
  });
});

describe("taking back", () => {
  const own = [lot("own", 30)];
  const others = [lot("soon", 20, "2026-12-01")];

  test("the order's own lot first, then others, then owed", () => {
    expect(planReversal({ points: 60, own, others, policy: "owe" })).toEqual({
      takes: [
        { lotId: "own", points: 30 },
        { lotId: "soon", points: 20 },
      ],
      posted: 60,
      owed: 10,
      shortfall: 0,
    });
  });

  test("or the rest is waived, and recorded", () => {
    expect(planReversal({ points: 60, own, others, policy: "clamp" })).toMatchObject({
      posted: 50,
      owed: 0,
      shortfall: 10,
    });
  });

  test("the next earning pays the debt, and its lot opens with what is left", () => {
    expect(openLot(100, 30)).toEqual({ lot: 70, paid: 30 });
    expect(openLot(20, 30)).toEqual({ lot: 0, paid: 20 });
  });

  test("nothing is invented or lost, whatever the lots hold", () => {
    const lots = fc.array(fc.nat(100)).map((sizes) => sizes.map((size, i) => lot(`lot${i}`, size)));
    fc.assert(
      fc.property(lots, lots, fc.nat(500), fc.constantFrom("owe", "clamp"), (mine, rest, points, policy) => {
        const renamed = rest.map((state) => ({ ...state, id: `other-${state.id}` }));
        const plan = planReversal({ points, own: mine, others: renamed, policy });
        const taken = plan.takes.reduce((sum, take) => sum + take.points, 0);
        expect(taken + plan.owed + plan.shortfall).toBe(points);
        expect(plan.posted).toBe(taken + plan.owed);
        expect(plan.takes.every((take) => take.points > 0)).toBe(true);
      }),
    );
  });
});
