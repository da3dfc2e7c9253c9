// What every worker does each few seconds: copies to Shopify what changed of members. By what the rows say and not
// through the queue, since nothing of it may be lost with a queue.
import { log } from "../platform/log.server.ts";
import { MIRROR_BATCH, mirrorBehind } from "../tiers/mirror.server.ts";

const EVERY_MS = 2_000;
const AFTER_FAILURE_MS = 30_000;

/** Starts to copy; the caller stops it, and what is under way ends first. */
export function startMirroring(): { stop: () => Promise<void> } {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const plan = (ms: number) => {
    if (!stopped) timer = setTimeout(run, ms).unref();
  };
  const run = () => {
    running = mirrorBehind().then(
      (taken) => plan(taken === MIRROR_BATCH ? 0 : EVERY_MS),
      (error: unknown) => {
        log.warn("mirror.failed", {}, error);
        plan(AFTER_FAILURE_MS);
      },
    );
  };
  plan(EVERY_MS);
  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
      return running;
    },
  };
}
