// Whose turn it is in one worker: nobody takes what others need, whoever hangs, fails, or has much to send.
import { describe, expect, test } from "vitest";
import { CLAIM_LIMITS, PROCESS_LIMITS } from "../../app/webhooks/lane-policy.ts";
import {
  emptyBook,
  forgetLanes,
  laneOf,
  learnShop,
  passBy,
  ringLane,
  takeTurns,
} from "../../app/webhooks/lanes.ts";
import type { LaneBook } from "../../app/webhooks/lanes.ts";
import { freshPace, paceAfter } from "../../app/webhooks/pace.ts";

const HEALTHY = paceAfter({ ...freshPace(), window: 31 }, true, 20);
const FAILING = paceAfter(HEALTHY, false, 20);
const SLOW = paceAfter({ ...freshPace(), window: 8 }, true, 900);

/** Lanes of a shop, with a pace that they have earned, and rung. */
function lanesOf(book: LaneBook, shop: string, count: number, pace = HEALTHY) {
  return Array.from({ length: count }, (_, i) => {
    const lane = laneOf(book, `${shop} ${i}`);
    learnShop(book, lane, shop);
    lane.pace = pace;
    ringLane(book, lane.id, false);
    return lane;
  });
}

const taken = (turns: readonly { n: number }[]) => turns.reduce((sum, { n }) => sum + n, 0);

describe("a shop", () => {
  test("with a hundred lanes waits for its turn like one with a single lane", () => {
    const book = emptyBook();
    lanesOf(book, "large", 100);
    lanesOf(book, "small", 1);
    const [first, second] = takeTurns(book, 1_000, 0, 10);
    expect([first?.lane.shop.id, second?.lane.shop.id]).toEqual(["large", "small"]);
    expect(first?.n).toBe(CLAIM_LIMITS.perLane);
  });

  test("has no more under way than its share of the process, however many lanes it has", () => {
    const book = emptyBook();
    const [lane] = lanesOf(book, "large", 100);
    if (lane === undefined) throw new Error("no lane");
    lane.shop.inFlight = PROCESS_LIMITS.shopSockets - 3;
    expect(taken(takeTurns(book, 3, 600, 10))).toBe(3);
    lane.shop.inFlight = PROCESS_LIMITS.shopSockets;
    expect(takeTurns(book, 1_000, 600, 10)).toEqual([]);
    lanesOf(book, "small", 1);
    expect(takeTurns(book, 1_000, 600, 10).map((turn) => turn.lane.shop.id)).toEqual(["small"]);
  });

  test("keeps one account while any of its lanes is known", () => {
    const book = emptyBook();
    const [old, used] = lanesOf(book, "shop", 2);
    takeTurns(book, 1_000, 0, 10);
    if (old === undefined || used === undefined) throw new Error("no lane");
    used.usedAt = 100;
    forgetLanes(book, 50);
    expect([...book.lanes.keys()]).toEqual([used.id]);
    const [another] = lanesOf(book, "shop", 1);
    expect(another?.shop).toBe(used.shop);
    forgetLanes(book, 200);
    takeTurns(book, 1_000, 0, 10);
    forgetLanes(book, 200);
    expect([book.lanes.size, book.shops.size, book.rotation.size]).toEqual([0, 0, 0]);
  });
});

test("a lane is known while its claim is under way, however long it was idle", () => {
  const book = emptyBook();
  const [lane] = lanesOf(book, "shop", 1);
  takeTurns(book, 1_000, 0, 500);
  forgetLanes(book, 499);
  expect(laneOf(book, lane?.id ?? "")).toBe(lane);
});

describe("the last sockets of a process", () => {
  const { crowdedSockets, suspectSockets, unprovenSockets, sockets } = PROCESS_LIMITS;
  const takenBy = (pace: typeof HEALTHY, under: number) => {
    const book = emptyBook();
    lanesOf(book, "shop", 1, pace);
    return taken(takeTurns(book, sockets - under, under, 10));
  };

  test.each([
    ["fails", FAILING],
    ["is slow", SLOW],
  ])("are not for a lane that %s", (_, pace) => {
    expect(takenBy(pace, suspectSockets - 1)).toBe(1);
    expect(takenBy(pace, suspectSockets)).toBe(0);
  });

  test("are not for one that has not answered yet, which in a crowd has one request", () => {
    expect(takenBy(freshPace(), crowdedSockets - 1)).toBe(freshPace().window);
    expect(takenBy(freshPace(), crowdedSockets)).toBe(1);
    expect(takenBy(freshPace(), unprovenSockets - 1)).toBe(1);
    expect(takenBy(freshPace(), unprovenSockets)).toBe(0);
  });

  test("are for whoever answers well", () => {
    expect(takenBy(HEALTHY, sockets - 5)).toBe(5);
  });
});

test("a lane that is to be looked at anew is, though a claim of before passes by meanwhile", () => {
  const book = emptyBook();
  const passed = { dueMs: 5, delivery: "dlv_5" };
  ringLane(book, "lane", false);
  const [turn] = takeTurns(book, 1_000, 0, 10);
  if (turn === undefined) throw new Error("no turn");
  ringLane(book, "lane", true);
  passBy(turn.lane, passed, 10_000);
  expect(turn.lane.passed).toBeNull();
  takeTurns(book, 1_000, 0, 20);
  passBy(turn.lane, passed, 10_000);
  expect(turn.lane.passed).toEqual(passed);
});
