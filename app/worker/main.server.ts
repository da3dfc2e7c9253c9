// The worker process: doorbells in, deliveries out, chores in between. Started by server/worker.ts.
import { setTimeout as sleep } from "node:timers/promises";
import { log } from "../platform/log.server.ts";
import { env } from "../platform/env.server.ts";
import { shutdown } from "../platform/shutdown.server.ts";
import { startWorker } from "./start.server.ts";

/** Longer than the drain may take (the deadline, then settling): whatever hangs then is abandoned to its lease. */
const LAST_CALL_MS = env().WEBHOOK_DEADLINE_MS + 15_000;

const worker = startWorker();

let ending = false;
function end(signal: string): void {
  if (ending) return;
  ending = true;
  log.info("worker.stopping", { signal });
  const finish = worker
    .stop()
    .then(shutdown)
    .then(() => true);
  void Promise.race([finish, sleep(LAST_CALL_MS, false)]).then((clean) => {
    log.info("worker.stopped", { clean });
    process.exit(clean ? 0 : 1);
  });
}
process.on("SIGTERM", end);
process.on("SIGINT", end);
// Said when it can be ended cleanly.
log.info("worker.started");
