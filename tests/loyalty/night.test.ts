// When it is three o'clock at night in a shop, whatever its zone and whatever the machine's.
import { expect, test } from "vitest";
import { msUntilNight } from "../../app/loyalty/night.ts";

const HOUR = 3_600_000;
const at = new Date("2026-11-21T12:00:00Z");

test.each([
  ["UTC", 15],
  ["Europe/Berlin", 14],
  ["America/New_York", 20],
  ["Asia/Kolkata", 9.5],
  ["Pacific/Auckland", 2],
  ["Nowhere/Land", 15],
])("at noon in Greenwich, the night of %s is %d hours away", (zone, hours) => {
  expect(msUntilNight(at, zone)).toBe(hours * HOUR);
});

test("at three it is a day away, just before it just as long as it is", () => {
  expect(msUntilNight(new Date("2026-11-21T03:00:00Z"), "UTC")).toBe(24 * HOUR);
  expect(msUntilNight(new Date("2026-11-21T02:58:29.990Z"), "UTC")).toBe(90_010);
});
