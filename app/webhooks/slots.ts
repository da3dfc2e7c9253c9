// What a process may have under way: slots for fresh requests, sockets for all. A request that hangs gives its slot
// back while it keeps its socket, so that hanging endpoints never hold up healthy ones.
import { PROCESS_LIMITS, SLOT_MS } from "./lane-policy.ts";

/** Makes the account; times are milliseconds of a steady clock. */
export function createSlots() {
  const fresh = new Map<symbol, number>();
  let sockets = 0;
  return {
    sockets: () => sockets,
    /** How many requests may start at `at`. */
    room(at: number): number {
      for (const [key, started] of fresh) {
        if (started > at - SLOT_MS) break;
        fresh.delete(key);
      }
      return Math.min(PROCESS_LIMITS.slots - fresh.size, PROCESS_LIMITS.sockets - sockets);
    },
    /** One request starts at `at`; call what comes back when it is over. */
    take(at: number): () => void {
      const key = Symbol("request");
      fresh.set(key, at);
      sockets += 1;
      return () => {
        fresh.delete(key);
        sockets -= 1;
      };
    },
  };
}
