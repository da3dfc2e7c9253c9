// `npm run check`: everything that can be wrong without running it, a part beside the other.
import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { promisify } from "node:util";

const PARTS = [
  "tsc",
  "eslint . --cache --cache-location .cache/eslint --max-warnings 0",
  "prettier --check --log-level warn --cache --cache-location .cache/prettier .",
  "depcruise app server --config .dependency-cruiser.mjs",
  "knip",
];
const OUTPUT_BYTES_MAX = 32 * 1024 * 1024;

const run = promisify(execFile);
const seconds = (since: number) => `${((performance.now() - since) / 1000).toFixed(1)} s`;

async function check(part: string): Promise<boolean> {
  const [program = "", ...args] = part.split(" ");
  const since = performance.now();
  try {
    await run(`node_modules/.bin/${program}`, args, { maxBuffer: OUTPUT_BYTES_MAX });
    process.stdout.write(`ok      ${program} (${seconds(since)})\n`);
    return true;
  } catch (error) {
    const said = error as { stdout?: string; stderr?: string };
    process.stdout.write(`FAILED  ${part}\n${said.stdout ?? ""}${said.stderr ?? String(error)}\n`);
    return false;
  }
}

const waiting = [...PARTS];
const results: boolean[] = [];
async function lane(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift())
    results.push(await check(part));
}
await Promise.all(Array.from({ length: Math.max(2, availableParallelism()) }, lane));
process.exit(results.every(Boolean) ? 0 : 1);
