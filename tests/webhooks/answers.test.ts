// What an answer means, when we try again, and how long we wait: tables of webhooks.md, row by row.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_RETRY_SCHEDULE_S } from "../../app/platform/env.server.ts";
import { explainError } from "../../app/webhooks/error-class.ts";
import { retryAfterMs } from "../../app/webhooks/retry-after.ts";
import { nextWaitMs } from "../../app/webhooks/schedule.ts";
import { verdictOf } from "../../app/webhooks/verdict.ts";
import { freshPace, isSuspect, paceAfter } from "../../app/webhooks/pace.ts";

const HOUR = 3600_000;

describe("a verdict", () => {
  test.each([
    [200, null, "delivered"],
    [204, null, "delivered"],
    [299, null, "delivered"],
    [301, null, "retry"],
    [307, 1000, "retry"],
    [400, null, "retry"],
    [404, null, "retry"],
    [410, null, "gone"],
    [429, null, "retry"],
    [429, 5000, "wait"],
    [500, 5000, "retry"],
    [503, null, "retry"],
    [503, 5000, "wait"],
    [999, null, "retry"],
  ])("of %i with Retry-After %s is %s", (status, retryAfter, verdict) => {
    expect(verdictOf({ status, retryAfterMs: retryAfter }).verdict).toBe(verdict);
  });

  test("of no answer is a retry that keeps its error class", () => {
    expect(verdictOf({ status: null, error: "tls:expired" })).toEqual({
      verdict: "retry",
      error: "tls:expired",
    });
  });

  test("has words for every class, and for one that it does not know", () => {
    expect(explainError("tls:of-a-later-version")).toBe(explainError("tls"));
    expect(explainError("unheard")).toMatch(/connection/i);
  });
});

describe("Retry-After", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  test.each([
    ["120", 120_000],
    [" 5 ", 5_000],
    ["Sat, 21 Nov 2026 12:10:00 GMT", 600_000],
    ["999999999", 24 * HOUR],
    ["9999999999999", 24 * HOUR],
    ["9".repeat(400), 24 * HOUR],
    ["Sun, 21 Nov 2027 12:00:00 GMT", 24 * HOUR],
  ])("%s is understood", (header, wait) => expect(retryAfterMs(header, now)).toBe(wait));

  test.each([null, "", "0", "-5", "soon", "1.5", "Sat, 21 Nov 2026 11:00:00 GMT", "Xxx, 99 GMT", "1e3"])(
    "%s is no wait",
    (header) => expect(retryAfterMs(header, now)).toBeNull(),
  );
});

describe("the schedule", () => {
  test("is never early, at most a tenth late, and ends", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (step, chance) => {
          const wait = nextWaitMs(DEFAULT_RETRY_SCHEDULE_S, step, chance);
          const planned = DEFAULT_RETRY_SCHEDULE_S[step - 1];
          if (planned === undefined) {
            expect(wait).toBeNull();
            return;
          }
          expect(wait).toBeGreaterThanOrEqual(planned * 1000);
          expect(wait).toBeLessThanOrEqual(Math.min(planned * 1100, planned * 1000 + 15 * 60_000));
        },
      ),
    );
  });

  test("lasts about three days", () => {
    const total = DEFAULT_RETRY_SCHEDULE_S.reduce((sum, wait) => sum + wait, 0) / 86_400;
    expect(total).toBeGreaterThan(2.5);
    expect(total).toBeLessThan(3.5);
  });
});

describe("a lane's pace", () => {
  const after = (answers: [boolean, number][]) =>
    answers.reduce((pace, [ok, ms]) => paceAfter(pace, ok, ms), freshPace());

  test("grows to 32 while answers are quick", () => {
    expect(after(Array.from({ length: 60 }, () => [true, 10])).window).toBe(32);
  });

  test("falls to one while they fail, and the lane is suspect", () => {
    const pace = after(Array.from({ length: 6 }, () => [false, 10]));
    expect(pace.window).toBe(1);
    expect(isSuspect(pace)).toBe(true);
  });

  test("is two at the most for an endpoint that hangs", () => {
    expect(after(Array.from({ length: 40 }, () => [true, 10_000])).window).toBeLessThanOrEqual(2);
  });

  test("recovers after a failure", () => {
    const pace = after([[false, 10], ...Array.from({ length: 40 }, (): [boolean, number] => [true, 10])]);
    expect(pace.window).toBe(32);
    expect(isSuspect(pace)).toBe(false);
  });
});
