// The one way to wait in a fault run: what does not come ends its round with words, and never holds up the run.
import { setTimeout as sleep } from "node:timers/promises";

/** Far more than anything takes that comes at all, on a slow machine too. */
export const PATIENCE_MS = 60_000;
/** Soon at first, since a moment is told by when it was seen; then seldom enough not to be in the way. */
const FIRST_POLLS_MS = [5, 10, 20];
const POLL_MS = 50;

const inVain = (what: string, patienceMs: number) =>
  new Error(`waited ${patienceMs / 1000} s in vain for ${what}`);

/** What is awaited. Throws, naming it, where it has not come after `patienceMs`. */
export function within<Value>(
  what: string,
  awaited: Promise<Value>,
  patienceMs = PATIENCE_MS,
): Promise<Value> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(inVain(what, patienceMs)), patienceMs);
  return Promise.race([awaited, late.promise]).finally(() => clearTimeout(timer));
}

/** Looks again and again, until it is so. Throws, naming it, where it is not so after `patienceMs`. */
export async function until(what: string, isSo: () => boolean, patienceMs = PATIENCE_MS): Promise<void> {
  if (!(await comesTrue(isSo, patienceMs))) throw inVain(what, patienceMs);
}

/** As `until`, for what the accounts judge: false where it is not so after `patienceMs`. */
export async function comesTrue(
  isSo: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (let looks = 0; !(await isSo()); looks += 1) {
    if (performance.now() > deadline) return false;
    await sleep(FIRST_POLLS_MS[looks] ?? POLL_MS);
  }
  return true;
}
