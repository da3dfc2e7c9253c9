// `npm run faults`: strikes real processes at random moments, and accounts for every delivery.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdtempSync, openSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureBuild } from "../server/ensure-build.ts";
import { FAULTS } from "./all.ts";
import { readOptions, type Options } from "./options.ts";
import type { Plan } from "./stage.ts";
import { tableOf, type Row } from "./table.ts";
import type { Told } from "./tell.ts";

const LOG_LINES_SHOWN = 20;

const say = (line: string) => void process.stdout.write(`${line}\n`);
const rows: Row[] = [];
const problems: string[] = [];

function heed({ backEnd }: Plan, { fault, outcome }: Told): void {
  const row =
    rows.find((known) => known.fault === fault && known.backEnd === backEnd) ?? newRow(fault, backEnd);
  const where = `${fault}, queue on ${backEnd}, round ${row.outcomes.push(outcome)}`;
  problems.push(...outcome.problems.map((problem) => `${where}: ${problem}`));
  const { committed, delivered, duplicated, recoveredMs } = outcome;
  const after = `after ${(recoveredMs / 1000).toFixed(1)} s`;
  say(
    `${where}: ${delivered} of ${committed} delivered, ${duplicated} twice, ${[after, ...outcome.problems].join("; ")}`,
  );
}

function newRow(fault: string, backEnd: Row["backEnd"]): Row {
  const row = { fault, backEnd, outcomes: [] };
  const place = ({ fault: name }: Row) => FAULTS.findIndex((known) => known.name === name);
  rows.push(row);
  rows.sort((a, b) => place(a) - place(b) || a.backEnd.localeCompare(b.backEnd));
  return row;
}

async function runStage(plan: Plan): Promise<void> {
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
  problems.push(`a stage on ${plan.backEnd} did not end well (${code ?? "killed"}):\n${said}`);
}

async function run({ seed, rounds, leftOut, plans, json }: Options): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-faults-log-"));
  say(`seed ${seed}, each fault ${rounds} times; logs in ${folder}`);
  for (const backEnd of leftOut) say(`Left out: the queue on ${backEnd}, which is not on this machine`);
  if (plans.some(({ faults }) => faults.some((name) => name.startsWith("web")))) await ensureBuild(say);
  const logFile = (plan: Options["plans"][number]) => join(folder, `${plan.backEnd}-${plan.stage}.log`);
  await Promise.all(plans.map((plan) => runStage({ ...plan, logFile: logFile(plan) })));
  say(`\n${tableOf(rows)}\n`);
  for (const problem of problems) say(`MISSING  ${problem}`);
  say(problems.length === 0 ? "Nothing is lost." : `${problems.length} promises do not hold.`);
  if (json) say(JSON.stringify(rows));
}

try {
  await run(readOptions());
} catch (error) {
  problems.push(String(error));
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
}
process.exitCode = problems.length === 0 ? 0 : 1;
