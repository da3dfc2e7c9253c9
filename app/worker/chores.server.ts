// What the worker does besides delivering: one table from a job's name to the function that does it.
import type { ShopId } from "../loyalty/ids.ts";
import { JOBS, openWorker } from "../platform/queue.server.ts";
import { log } from "../platform/log.server.ts";
import { applyPolicy } from "../tiers/apply-policy.server.ts";

const AT_ONCE = 4;

type Chore = (data: unknown) => Promise<unknown>;

// Job data was written by addJob of this code: the shop's id is one.
const CHORES: Readonly<Record<string, Chore>> = {
  policy: async (data) => applyPolicy(JOBS.policy.data.parse(data).shopId as ShopId),
};

/** Starts to do chores, a few at a time, and tells `done` of each; the caller closes the worker. */
export function openChores(done: () => void) {
  return openWorker(
    "chores",
    async (job) => {
      const chore = CHORES[job.name];
      if (chore === undefined) throw new Error(`No chore is called ${job.name}`);
      await chore(job.data);
      done();
      log.info("chore.done", { chore: job.name, attempt: job.attemptsMade });
    },
    { concurrency: AT_ONCE },
  );
}
