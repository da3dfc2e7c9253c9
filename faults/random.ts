// Chance that can be had again: the same seed draws the same moments.

export type Random = {
  /** From 0 up to and without 1. */
  next: () => number;
  /** A whole number from `least` to `most`, both possible. */
  between: (least: number, most: number) => number;
  pick: <Value>(values: readonly [Value, ...Value[]]) => Value;
};

const UINT32 = 2 ** 32;

// FNV-1a: spreads a text over 32 bits.
function hash(text: string): number {
  let h = 0x811c9dc5;
  for (const byte of Buffer.from(text)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}

/** A generator (mulberry32) that is a function of `seed` alone. */
export function randomFrom(seed: string): Random {
  let state = hash(seed);
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / UINT32;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return { next, between, pick: (values) => values[between(0, values.length - 1)] ?? values[0] };
}
