// Ids of the stand-in: numeric and global, as Shopify's. Those of people and goods stay the same over restarts.
import { createHash } from "node:crypto";

// Orders of an earlier run are still in the app's database: counting starts at the time of the start.
let last = BigInt(Date.now()) * 1_000n;

/** Added where a shop asks for large ids: the result is beyond 2^53 and within a signed 64-bit number. */
const BEYOND_DOUBLE = 2n ** 59n;

/** A new numeric id, never given before in this or an earlier run. */
export function nextId(large = false): bigint {
  last += 7n;
  return large ? last + BEYOND_DOUBLE : last;
}

/** A numeric id that depends only on what it names. */
export function steadyId(...names: string[]): bigint {
  const digest = createHash("sha256").update(names.join("\n")).digest();
  return 1_000_000_000_000n + (digest.readBigUInt64BE() % 8_000_000_000_000n);
}

export const gid = (type: string, id: bigint): string => `gid://shopify/${type}/${id}`;
