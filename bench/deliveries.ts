// `npm run bench -- deliveries [scenario …] [--runs 5] [--back-end redis] [--full]`: plays the scenarios on both back ends
// of the queue in turn, as often as asked, and prints the median and the range of every figure beside its target.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { removePostgres } from "../server/postgres.ts";
import { hasRedis } from "../tests/support/redis.ts";
import type { Figure, Figures } from "./deliveries/scenarios.ts";
import { SCENARIOS } from "./deliveries/scenarios.ts";

const OPTIONS = {
  runs: { type: "string", default: "1" },
  "back-end": { type: "string" },
  size: { type: "string" },
  full: { type: "boolean", default: false },
} as const;
const LABEL = 44;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Plays what was asked for. Exits with 1 when a figure misses its target. */
export async function benchDeliveries(): Promise<void> {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    options: OPTIONS,
    allowPositionals: true,
  });
  const names = positionals.length === 0 ? Object.keys(SCENARIOS) : positionals;
  const both = hasRedis() ? ["postgres", "redis"] : ["postgres"];
  const backEnds = values["back-end"] === undefined ? both : [values["back-end"]];
  for (const name of names) {
    const scenario = SCENARIOS[name];
    if (scenario === undefined)
      throw new Error(`no scenario is called ${name}: ${Object.keys(SCENARIOS).join(", ")}`);
    const size = Number(values.size ?? (values.full ? scenario.full : scenario.size));
    say(`\n${name}: ${scenario.about} (${size})`);
    const runs = await playInTurn(name, backEnds, { size, runs: Number(values.runs) });
    for (const [backEnd, played] of runs) print(backEnd, scenario.figures, played);
  }
}

type Played = Figures[];

// Interleaved, so that what else the machine does falls on both alike.
async function playInTurn(
  name: string,
  backEnds: readonly string[],
  { size, runs }: { size: number; runs: number },
): Promise<Map<string, Played>> {
  const compare = SCENARIOS[name]?.compare;
  const kept = mkdtempSync(join(tmpdir(), "laurel-bench-kept-"));
  const played = new Map<string, Played>(backEnds.map((backEnd) => [backEnd, []]));
  try {
    for (let run = 0; run < runs; run += 1) {
      for (const backEnd of backEnds) {
        const figures =
          compare === undefined
            ? await playOnce([name, backEnd, String(size)])
            : compare(
                await playOnce([name, backEnd, "0"]),
                await playOnce([name, backEnd, String(size), kept]),
              );
        played.get(backEnd)?.push(figures);
      }
    }
  } finally {
    await removePostgres(kept);
    rmSync(kept, { recursive: true, force: true });
  }
  return played;
}

async function playOnce(args: readonly string[]): Promise<Figures> {
  const child = fork(join(import.meta.dirname, "deliveries/play.ts"), args);
  const failed = once(child, "exit").then(() => null);
  const told = once(child, "message").then(([figures]) => figures as Figures);
  const figures = await Promise.race([told, failed]);
  if (figures === null) throw new Error(`${args.join(" ")} failed`);
  await failed;
  return figures;
}

function print(backEnd: string, figures: Readonly<Record<string, Figure>>, played: Played): void {
  say(`  BullMQ on ${backEnd}`);
  for (const [key, figure] of Object.entries(figures)) {
    const values = played.map((run) => run[key] ?? NaN).sort((a, b) => a - b);
    const median = values[Math.floor(values.length / 2)] ?? NaN;
    const text = (value = NaN) => value.toFixed(figure.digits) + figure.unit;
    const range = values.length > 1 ? ` (${text(values[0])} to ${text(values.at(-1))})` : "";
    say(
      `    ${figure.label.padEnd(LABEL)}${text(median)}${range}${judge(targetOf(figure, backEnd), median, text)}`,
    );
  }
}

type Target = { least: number | undefined; most: number | undefined };

function targetOf({ least, most }: Figure, backEnd: string): Target {
  return { least: typeof least === "object" ? least[backEnd] : least, most };
}

function judge({ least, most }: Target, median: number, text: (value: number) => string): string {
  if (least === undefined && most === undefined) return "";
  const met = median >= (least ?? -Infinity) && median <= (most ?? Infinity);
  if (!met) process.exitCode = 1;
  const target = least === undefined ? `at most ${text(most ?? NaN)}` : `at least ${text(least)}`;
  return `   ${met ? "meets" : "misses"} ${target}`;
}
