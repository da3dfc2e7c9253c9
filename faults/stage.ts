// The rounds of some faults on one back end, in a process of its own since the app reads its environment once.
import { z } from "zod";
import { FAULTS } from "./all.ts";
import type { Told } from "./tell.ts";
import { openWorld } from "./world.ts";

const Plan = z.object({
  stage: z.number(),
  backEnd: z.enum(["postgres", "redis"]),
  faults: z.array(z.string()),
  rounds: z.number(),
  seed: z.string(),
  brief: z.boolean(),
  logFile: z.string(),
});
export type Plan = z.output<typeof Plan>;

const tell = (told: Told) => void process.send?.(told);

async function run(plan: Plan): Promise<void> {
  const { backEnd, rounds, seed, brief } = plan;
  const world = await openWorld(backEnd, plan.logFile);
  // Whoever started us is gone: nothing of ours stays behind.
  process.once("disconnect", () => void world.close().finally(() => process.exit(1)));
  for (const [name, value] of Object.entries(world.variables)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
  const { runRound } = await import("./run-round.ts");
  const { shutdown } = await import("../app/platform/shutdown.server.ts");
  try {
    for (const fault of FAULTS.filter(({ name }) => plan.faults.includes(name))) {
      for (let nth = 1; nth <= rounds; nth += 1) {
        tell({ fault: fault.name, outcome: await runRound(fault, { world, seed, nth, brief }) });
      }
    }
  } finally {
    await shutdown();
    await world.close();
    process.removeAllListeners("disconnect");
  }
}

await run(Plan.parse(JSON.parse(process.env["FAULTS_PLAN"] ?? "{}")));
process.exit(0);
