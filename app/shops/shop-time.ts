// Between a moment and what the clocks of a shop's time zone show: for the fields in which a merchant enters a time.

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?$/;
const MINUTE_MS = 60_000;

/** What the clocks of `zone` (IANA name) show at a moment, as a date and time field wants it: `2026-11-21T08:30`. */
export function clockAt(at: Date, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "";
  return `${of("year").padStart(4, "0")}-${of("month")}-${of("day")}T${of("hour")}:${of("minute")}`;
}

/**
 * The moment at which the clocks of `zone` show `clock` (`2026-11-21T08:30`, or a day, which begins at midnight). A time
 * that comes twice in autumn means the first; one that spring leaves out means as much after the gap. Null for a text
 * that is no time.
 */
export function momentAt(clock: string, zone: string): Date | null {
  const [, year, month, day, hour = "00", minute = "00"] = LOCAL.exec(clock) ?? [];
  const asUtc = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00.000Z`);
  if (Number.isNaN(asUtc)) return null;
  // The zone's offset a day earlier and a day later: between them lies every change of the clocks.
  const offsets = [asUtc - 24 * 60 * MINUTE_MS, asUtc + 24 * 60 * MINUTE_MS].map((ms) => offsetAt(ms, zone));
  const [before = 0, after = 0] = offsets;
  const candidate = [asUtc - before, asUtc - after].find((ms) => ms + offsetAt(ms, zone) === asUtc);
  return new Date(candidate ?? asUtc - before);
}

/** Milliseconds that the clocks of the zone are ahead of UTC. */
function offsetAt(ms: number, zone: string): number {
  const floor = Math.floor(ms / MINUTE_MS) * MINUTE_MS;
  return Date.parse(`${clockAt(new Date(floor), zone)}:00.000Z`) - floor;
}
