// `npm run faults`: strikes real processes at random moments, and accounts for every delivery.
import { spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { hasRedis } from "../tests/support/redis.ts";
import { GROUPS, GROUP_NAMES } from "./all.ts";
import type { BackEnd } from "./fault.ts";
import type { Plan } from "./stage.ts";
import { tableOf, type Row } from "./table.ts";
import type { Told } from "./tell.ts";

const USAGE = `npm run faults -- [--only <part of a name>] [--rounds N] [--seed N] [--brief] [--queue postgres|redis] [--at-once N]`;
const ROUNDS = "10";
const STAGES_AT_ONCE = "2";
const LOG_LINES_SHOWN = 20;

const say = (line: string) => void process.stdout.write(`${line}\n`);

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    rounds: { type: "string", default: ROUNDS },
    seed: { type: "string", default: String(randomInt(1_000_000)) },
    brief: { type: "boolean", default: false },
    queue: { type: "string", default: "" },
    "at-once": { type: "string", default: STAGES_AT_ONCE },
  },
});

const folder = mkdtempSync(join(tmpdir(), "laurel-faults-log-"));
const rows: Row[] = [];
const problems: string[] = [];

function plans(): Plan[] {
  const backEnds = (["postgres", "redis"] as const).filter((name) => name.includes(options.queue));
  return GROUP_NAMES.flatMap((group) => backEnds.map((backEnd) => planFor(group, backEnd))).filter(
    ({ faults }) => faults.length > 0,
  );
}

function planFor(group: Plan["group"], backEnd: BackEnd): Plan {
  const faults = GROUPS[group]
    .filter(({ name, backEnds }) => name.includes(options.only) && backEnds.includes(backEnd))
    .map(({ name }) => name);
  const { seed, brief } = options;
  const logFile = join(folder, `${group}-${backEnd}.log`);
  return { group, backEnd, faults, rounds: Number(options.rounds), seed, brief, logFile };
}

function heed({ backEnd }: Plan, { fault, outcome }: Told): void {
  const known = rows.find((row) => row.fault === fault && row.backEnd === backEnd);
  if (known === undefined) rows.push({ fault, backEnd, outcomes: [outcome] });
  else known.outcomes.push(outcome);
  const nth = known?.outcomes.length ?? 1;
  for (const problem of outcome.problems)
    problems.push(`${fault}, queue on ${backEnd}, round ${nth}: ${problem}`);
  const { committed, delivered, duplicated, recoveredMs } = outcome;
  say(
    `${fault}, queue on ${backEnd}, round ${nth}: ${delivered} of ${committed} delivered, ${duplicated} twice, ` +
      `after ${(recoveredMs / 1000).toFixed(1)} s${outcome.problems.map((problem) => `; ${problem}`).join("")}`,
  );
}

async function stage(plan: Plan): Promise<void> {
  const log = openSync(plan.logFile, "w");
  const child = spawn(process.execPath, [join(import.meta.dirname, "stage.ts")], {
    env: { ...process.env, FAULTS_PLAN: JSON.stringify(plan) },
    stdio: ["ignore", log, log, "ipc"],
  });
  closeSync(log);
  child.on("message", (told) => heed(plan, told as Told));
  const [code] = (await once(child, "exit")) as [number | null];
  if (code === 0) return;
  const said = readFileSync(plan.logFile, "utf8").trim().split("\n").slice(-LOG_LINES_SHOWN).join("\n");
  problems.push(`${plan.group}, queue on ${plan.backEnd}: did not end well (${code ?? "killed"}):\n${said}`);
}

async function run(): Promise<void> {
  const waiting = plans();
  const names = waiting.flatMap(({ faults }) => faults);
  if (names.length === 0) throw new Error(`No fault is called ${options.only}.\n${USAGE}`);
  say(`seed ${options.seed}, ${options.rounds} rounds; logs in ${folder}`);
  const left = hasRedis() ? waiting : waiting.filter(({ backEnd }) => backEnd === "postgres");
  if (left.length < waiting.length) say("Left out: the queue on Redis (no redis-server on this machine)");
  const lane = async () => {
    for (let plan = left.shift(); plan !== undefined; plan = left.shift()) await stage(plan);
  };
  await Promise.all(Array.from({ length: Number(options["at-once"]) }, lane));
  say(`\n${tableOf(rows)}\n`);
  for (const problem of problems) say(`MISSING  ${problem}`);
  say(problems.length === 0 ? "Nothing is lost." : `${problems.length} promises do not hold.`);
}

try {
  await run();
} catch (error) {
  problems.push(String(error));
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
