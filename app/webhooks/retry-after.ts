// Reads Retry-After: seconds or an HTTP date (RFC 9110, 10.2.3).

const DAY_MS = 24 * 3600_000;
const SECONDS = /^\d+$/;
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .*GMT$/;

/** Milliseconds to wait from `now`, 24 hours at the most; null where the header is missing, past or unreadable. */
export function retryAfterMs(header: string | null | undefined, now: Date): number | null {
  const text = (header ?? "").trim();
  if (SECONDS.test(text)) return bounded(Number(text) * 1000);
  if (!HTTP_DATE.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : bounded(at - now.getTime());
}

function bounded(wait: number): number | null {
  return wait > 0 ? Math.min(wait, DAY_MS) : null;
}
