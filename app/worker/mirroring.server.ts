// What every worker does again and again: copies to Shopify what changed of members. By what the rows say and not
// through the queue, since nothing of it may be lost with a queue.
import { MIRROR_BATCH, mirrorBehind } from "../tiers/mirror.server.ts";
import { startLoop } from "./loop.server.ts";
import type { Loop } from "./loop.server.ts";

/** Told of work, it looks sooner. */
const EVERY_MS = 10_000;
const AFTER_FAILURE_MS = 30_000;

/** Starts to copy; the caller stops it. */
export function startMirroring(): Loop {
  const work = async () => (await mirrorBehind()) === MIRROR_BATCH;
  return startLoop({
    name: "mirror",
    work,
    firstMs: EVERY_MS,
    everyMs: EVERY_MS,
    afterFailureMs: AFTER_FAILURE_MS,
  });
}
