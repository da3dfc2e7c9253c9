// A process of its own: rings without end, and says what a worker hears.
import { addJob, openWorker } from "../../app/platform/queue.server.ts";

const EVERY_MS = 100;
const say = (line: string) => void process.stdout.write(`${line}\n`);

openWorker(
  "lanes",
  (job) => Promise.resolve(say(`heard ${(job.data as { subscriptionId: string }).subscriptionId}`)),
  { concurrency: 1 },
);
let rung = 0;
setInterval(() => {
  rung += 1;
  addJob("lane", { subscriptionId: `sub_${rung}` }).catch((error: unknown) => say(String(error)));
}, EVERY_MS);
