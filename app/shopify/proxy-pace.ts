// How often one visitor may ask through the app proxy: a window per shop and customer, in this process's memory.

/** Requests of one visitor in one window. A page asks once. */
export const VISITS_MAX = 30;
export const WINDOW_MS = 10_000;
/** Visitors remembered; beyond it all are forgotten, which lets a flood through once and holds the memory. */
const VISITORS_MAX = 50_000;

const visitors = new Map<string, number>();
let windowOf = 0;

/** Counts a request of `visitor` at `atMs` (epoch ms). False when it is one too many in this window. */
export function mayAsk(visitor: string, atMs: number): boolean {
  const current = Math.floor(atMs / WINDOW_MS);
  if (current !== windowOf || visitors.size >= VISITORS_MAX) visitors.clear();
  windowOf = current;
  const asked = (visitors.get(visitor) ?? 0) + 1;
  visitors.set(visitor, asked);
  return asked <= VISITS_MAX;
}
