// When it is night in a shop: the hour for work that reads a lot.
const NIGHT_HOUR = 3;
const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Milliseconds from `at` until it is next three o'clock at night in `timezone` (IANA), never 0; an hour
 * off on the two days a year that the clocks change. A zone that nobody knows counts as UTC.
 */
export function msUntilNight(at: Date, timezone: string): number {
  const [hour = 0, minute = 0] = clockIn(at, timezone).split(":").map(Number);
  const sinceMidnight = hour * HOUR_MS + minute * MINUTE_MS + (at.getTime() % MINUTE_MS);
  return (NIGHT_HOUR * HOUR_MS - sinceMidnight + DAY_MS) % DAY_MS || DAY_MS;
}

function clockIn(at: Date, timeZone: string): string {
  const read = (zone: string) =>
    at.toLocaleTimeString("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit" });
  try {
    return read(timeZone);
  } catch {
    return read("UTC");
  }
}
