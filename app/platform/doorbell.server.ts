// Tells the workers which lanes have work, twice: a wake that they hear at once, and a job that waits for one who will.
// Hints, never promises: the sweep finds whatever is not heard.
import { setTimeout as sleep } from "node:timers/promises";
import { queue } from "./queue.server.ts";
import { log } from "./log.server.ts";
import { wakeLanes } from "./wake.server.ts";

/** A burst for one lane becomes one job in this time, since who is awake has been woken already. */
const JOBS_EVERY_MS = 1_000;

const wakes = createRinger("wake.unsaid", wakeLanes);
const jobs = createRinger("doorbell.unheard", async (ids) => {
  await queue("lanes").addBulk(ids.map((subscriptionId) => ({ name: "lane", data: { subscriptionId } })));
  await sleep(JOBS_EVERY_MS, undefined, { ref: false });
});

/** Rings the lanes of these subscriptions, soon and together; never throws and is never waited for. */
export function ringLanes(subscriptionIds: Iterable<string>): void {
  const ids = [...subscriptionIds];
  wakes(ids);
  jobs(ids);
}

// While one batch is on its way the next gathers.
function createRinger(unheard: string, send: (ids: readonly string[]) => Promise<void>) {
  const rung = new Set<string>();
  let ringing = false;
  const ring = async (): Promise<void> => {
    ringing = true;
    while (rung.size > 0) {
      const batch = [...rung];
      rung.clear();
      await send(batch).catch((error: unknown) => log.warn(unheard, { lanes: batch.length }, error));
    }
    ringing = false;
  };
  return (ids: readonly string[]): void => {
    for (const id of ids) rung.add(id);
    if (!ringing && rung.size > 0) void ring();
  };
}
