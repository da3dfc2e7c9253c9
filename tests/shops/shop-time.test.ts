// What a merchant enters as a time means the clocks of the shop.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clockAt, momentAt } from "../../app/shops/shop-time.ts";

describe("a time on the shop's clocks", () => {
  test.each([
    ["2026-11-21T08:30", "Europe/Berlin", "2026-11-21T07:30:00.000Z"],
    ["2026-07-21T08:30", "Europe/Berlin", "2026-07-21T06:30:00.000Z"],
    ["2026-07-21", "America/Los_Angeles", "2026-07-21T07:00:00.000Z"],
    ["2026-07-21T00:00", "Asia/Kathmandu", "2026-07-20T18:15:00.000Z"],
    // 02:30 comes twice that night: the first is meant.
    ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00.000Z"],
    // 02:30 does not come: as long after the gap.
    ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30:00.000Z"],
  ])("%s in %s is %s", (clock, zone, moment) => {
    expect(momentAt(clock, zone)?.toISOString()).toBe(moment);
  });

  test.each(["", "yesterday", "2026-13-01", "2026-02-01T25:00", "26-01-01", "2026-01-01T10:00Z"])(
    "%j is none",
    (text) => {
      expect(momentAt(text, "UTC")).toBeNull();
    },
  );

  test("what the clocks show leads back to the moment, but for the hour that comes twice", () => {
    const zones = ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 60 * 24 * 365 * 80 }),
        fc.constantFrom(...zones),
        (minutes, zone) => {
          const at = new Date(minutes * 60_000);
          const back = momentAt(clockAt(at, zone), zone);
          expect(clockAt(back ?? new Date(0), zone)).toBe(clockAt(at, zone));
        },
      ),
      { numRuns: 300 },
    );
  });
});
