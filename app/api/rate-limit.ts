// How fast one key may ask: a bucket per key, in this process's memory. Twice Mage's six a second, and a burst above it.

export const REQUESTS_PER_SECOND = 12;
export const BURST = 24;
const KEYS_MAX = 10_000;

type Bucket = { tokens: number; at: number };
const buckets = new Map<string, Bucket>();

/** `remaining` requests may follow at once; where `allowed` is false, one may in `retryAfterS` seconds. */
export type Pace = { allowed: boolean; remaining: number; retryAfterS: number };

/** Counts a request of `keyId` at `atMs` (epoch ms). */
export function pace(keyId: string, atMs: number): Pace {
  const before = buckets.get(keyId) ?? { tokens: BURST, at: atMs };
  const gained = (Math.max(0, atMs - before.at) / 1000) * REQUESTS_PER_SECOND;
  const tokens = Math.min(BURST, before.tokens + gained);
  const allowed = tokens >= 1;
  const left = allowed ? tokens - 1 : tokens;
  // Taken out and put back: the map's order is that of the last request, and the oldest makes room.
  buckets.delete(keyId);
  buckets.set(keyId, { tokens: left, at: atMs });
  if (buckets.size > KEYS_MAX) for (const oldest of [...buckets.keys()].slice(0, 1)) buckets.delete(oldest);
  return {
    allowed,
    remaining: Math.floor(left),
    retryAfterS: Math.ceil((1 - Math.min(1, left)) / REQUESTS_PER_SECOND),
  };
}

/** The headers that every answer to a known key carries, a failure too. */
export function paceHeaders({ allowed, remaining, retryAfterS }: Pace): Record<string, string> {
  return {
    "RateLimit-Limit": String(BURST),
    "RateLimit-Remaining": String(remaining),
    "RateLimit-Reset": String(Math.ceil((BURST - remaining) / REQUESTS_PER_SECOND)),
    ...(allowed ? {} : { "Retry-After": String(Math.max(1, retryAfterS)) }),
  };
}
