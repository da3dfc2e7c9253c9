// How many requests a lane may have under way: grows while the endpoint answers well, shrinks when it does not.
import { HANGING_MS, SLOT_MS, WINDOW } from "./lane-policy.ts";

/** `window` requests at once; `averageMs` of recent answers; `failures` in a row. */
export type Pace = { window: number; averageMs: number; failures: number };

const MEMORY = 0.2;
const SLOW_GROWTH = 0.25;

export const freshPace = (): Pace => ({ window: WINDOW.first, averageMs: 0, failures: 0 });

/** The pace after an answer that took `ms`: slow start upward, halved by a failure, never below one. */
export function paceAfter(pace: Pace, ok: boolean, ms: number): Pace {
  const averageMs = pace.averageMs === 0 ? ms : pace.averageMs * (1 - MEMORY) + ms * MEMORY;
  const grown = pace.window + (ms < SLOT_MS ? 1 : SLOW_GROWTH);
  const wanted = ok ? grown : pace.window / 2;
  return {
    window: Math.max(WINDOW.least, Math.min(wanted, mostFor(averageMs))),
    averageMs,
    failures: ok ? 0 : pace.failures + 1,
  };
}

/** Whether the lane must not crowd out others: it fails, or its answers outlive a slot. */
export function isSuspect(pace: Pace): boolean {
  return pace.failures > 0 || pace.averageMs >= SLOT_MS;
}

/** Whether nothing has come of any request yet. */
export const isUnproven = ({ averageMs, failures }: Pace): boolean => averageMs === 0 && failures === 0;

function mostFor(averageMs: number): number {
  if (averageMs >= HANGING_MS) return WINDOW.hangingMost;
  return averageMs >= SLOT_MS ? WINDOW.slowMost : WINDOW.most;
}
