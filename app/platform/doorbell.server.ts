// Tells the worker which lanes have work. A hint, never a promise: the sweep finds whatever is not heard.
import { queue } from "./queue.server.ts";
import { log } from "./log.server.ts";

const rung = new Set<string>();
let ringing = false;

/** Rings the lanes of these subscriptions, soon and together; never throws and is never waited for. */
export function ringLanes(subscriptionIds: Iterable<string>): void {
  for (const id of subscriptionIds) rung.add(id);
  if (!ringing && rung.size > 0) void ring();
}

// While one batch is on its way the next gathers: a burst for one lane becomes a few jobs, not thousands.
async function ring(): Promise<void> {
  ringing = true;
  while (rung.size > 0) {
    const batch = [...rung];
    rung.clear();
    try {
      await queue("lanes").addBulk(
        batch.map((subscriptionId) => ({ name: "lane", data: { subscriptionId } })),
      );
    } catch (error) {
      log.warn("doorbell.unheard", { lanes: batch.length }, error);
    }
  }
  ringing = false;
}
