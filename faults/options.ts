// What `npm run faults` may be told.
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { hasRedis } from "../tests/support/redis.ts";
import { FAULTS } from "./all.ts";
import type { BackEnd } from "./fault.ts";
import type { Plan } from "./stage.ts";

export const USAGE =
  "npm run faults -- [--only <part of a name>] [--rounds N] [--seed N] [--queue postgres|redis] [--brief] [--at-once N]";
const BACK_ENDS: readonly BackEnd[] = ["postgres", "redis"];

export type Options = {
  seed: string;
  rounds: number;
  json: boolean;
  leftOut: BackEnd[];
  plans: Omit<Plan, "logFile">[];
};

/** The options of this process: which stages there are to run. Throws when none is. */
export function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      rounds: { type: "string", default: "10" },
      seed: { type: "string", default: String(randomInt(1_000_000)) },
      queue: { type: "string", default: "" },
      brief: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      "at-once": { type: "string", default: "2" },
    },
  });
  const rounds = Number(values.rounds);
  const asked = BACK_ENDS.filter((backEnd) => backEnd.includes(values.queue));
  const leftOut: BackEnd[] = hasRedis() ? [] : asked.filter((backEnd) => backEnd === "redis");
  const backEnds = asked.filter((backEnd) => !leftOut.includes(backEnd));
  const stages = Math.max(1, Math.floor(Number(values["at-once"]) / backEnds.length));
  const plans = backEnds.flatMap((backEnd) => {
    const names = FAULTS.filter(
      (fault) => fault.backEnds.includes(backEnd) && fault.name.includes(values.only),
    ).map(({ name }) => name);
    // Dealt like cards: neighbours in the table take about as long.
    return Array.from({ length: stages }, (_, stage) => ({
      ...{ backEnd, stage, rounds, seed: values.seed, brief: values.brief },
      faults: names.filter((_name, at) => at % stages === stage),
    }));
  });
  const some = plans.filter(({ faults }) => faults.length > 0);
  if (some.length === 0 || !(rounds >= 1)) throw new Error(`There is nothing to do.\n${USAGE}`);
  return { seed: values.seed, rounds, json: values.json, leftOut, plans: some };
}
