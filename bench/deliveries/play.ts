// Plays one scenario once on one back end, in a process of its own, since the app reads its environment once:
// `play.ts <scenario> <back end> <size> [folder that keeps the database]`. Tells the figures to whoever forked it.
import { SCENARIOS } from "./scenarios.ts";
import { onStage } from "./stage.ts";

const [name = "", backEnd = "", size = "", kept] = process.argv.slice(2);
const scenario = SCENARIOS[name];
if (scenario === undefined || (backEnd !== "postgres" && backEnd !== "redis"))
  throw new Error("nothing to play");
const figures = await onStage(backEnd, (stage) => scenario.play(stage, Number(size)), kept);
// BullMQ's connections may outlive their closing; the figures must not wait for them.
process.send?.(figures, () => process.exit(0));
