// What every worker does once an hour: removes what is too old, ends what an erasing left. By the clock and not through
// the queue, since it must happen while the queue is away too.
import { log } from "../platform/log.server.ts";
import { eraseMarkedShops } from "../shops/erase-shop.server.ts";
import { removeOld } from "../shops/retention.server.ts";

const EVERY_MS = 60 * 60 * 1000;
const FIRST_AFTER_MS = 60 * 1000;

/** Starts to keep house; the caller stops it. A failure is logged, and the next hour tries again. */
export function startHousekeeping(): { stop: () => Promise<void> } {
  let stopped = false;
  let running = Promise.resolve();
  const run = () => {
    running = Promise.all([eraseMarkedShops(), removeOld()]).then(
      () => undefined,
      (error: unknown) => log.error("housekeeping.failed", {}, error),
    );
    void running.then(() => plan(EVERY_MS));
  };
  let timer: NodeJS.Timeout | undefined;
  const plan = (ms: number) => {
    if (!stopped) timer = setTimeout(run, ms).unref();
  };
  plan(FIRST_AFTER_MS);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
