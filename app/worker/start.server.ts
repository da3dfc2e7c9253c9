// Puts the worker together: one engine, one sender, and BullMQ's doorbell.
import { z } from "zod";
import { env } from "../platform/env.server.ts";
import { openWorker } from "../platform/queue.server.ts";
import { hearWakes } from "../platform/wake.server.ts";
import { createEngine } from "../webhooks/engine.server.ts";
import { createSender } from "../webhooks/send.server.ts";
import { openChores } from "./chores.server.ts";
import { startHousekeeping } from "./housekeeping.server.ts";
import { openMetricsPort } from "./metrics-port.server.ts";
import { startMirroring } from "./mirroring.server.ts";
import { startUpkeep } from "./upkeep.server.ts";

const DOORBELLS_AT_ONCE = 16;

const Doorbell = z.object({ subscriptionId: z.string().max(64) });

/** Starts to deliver; `stop()` finishes what is under way and resolves when it is settled. */
export function startWorker() {
  const { WEBHOOK_DEADLINE_MS: deadlineMs, WEBHOOK_RETRY_SCHEDULE_S: schedule } = env();
  const sender = createSender({ deadlineMs, loopbackHosts: env().WEBHOOK_LOOPBACK_HOSTS });
  const engine = createEngine({ sender, deadlineMs, schedule });
  engine.start();
  const loops = { housekeeping: startHousekeeping(), mirroring: startMirroring(), upkeep: startUpkeep() };
  const wakes = hearWakes(engine.ring);
  // A doorbell is done when it was heard: if this process dies now, the sweep of any worker finds the lane.
  const doorbell = openWorker(
    "lanes",
    (job) => {
      engine.ring(Doorbell.parse(job.data).subscriptionId);
      // Whoever is told of a member's points is told because they moved.
      loops.mirroring.soon();
      return Promise.resolve();
    },
    { concurrency: DOORBELLS_AT_ONCE },
  );
  const chores = openChores(() => {
    loops.mirroring.soon();
    loops.upkeep.soon();
  });
  const port = openMetricsPort();
  return {
    engine,
    async stop(): Promise<void> {
      // The engine at once: whatever else takes long to end, it claims nothing more meanwhile.
      const ended = [engine, wakes, ...Object.values(loops)].map((running) => running.stop());
      await Promise.all([doorbell.close(), chores.close(), ...ended]);
      await port.close();
      await sender.close();
    },
  };
}
