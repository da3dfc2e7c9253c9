// When a failed delivery is tried again: a list of waits, with jitter that only adds.

const JITTER_SHARE = 0.1;
const JITTER_MAX_MS = 15 * 60_000;

/**
 * Milliseconds until the next attempt, or null when the schedule is used up.
 * `step` counts the automatic attempts already made (1 after the first); `chance` is in [0, 1).
 * Never earlier than the schedule says, at most a tenth (and 15 minutes) later.
 */
export function nextWaitMs(schedule: readonly number[], step: number, chance: number): number | null {
  const seconds = schedule[step - 1];
  if (seconds === undefined) return null;
  const wait = seconds * 1000;
  return Math.round(wait + chance * Math.min(wait * JITTER_SHARE, JITTER_MAX_MS));
}
