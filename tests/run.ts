// `npm test`: every test that this machine can run, on real services. Its last line is the counts.
import { parseCLI, startVitest, type Reporter } from "vitest/node";
import { ensureBuild } from "../server/ensure-build.ts";
import { projectsOf } from "./support/projects.ts";
import { missingNeeds } from "./support/needs.ts";

const ROOT = new URL("..", import.meta.url).pathname;
const say = (line: string) => void process.stdout.write(`${line}\n`);
const counts = { passed: 0, failed: 0, skipped: 0 };

const counting: Reporter = {
  onTestRunEnd(modules, errors) {
    counts.failed += errors.length;
    for (const module of modules) {
      const before = counts.failed;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state !== "pending") counts[state]++;
      }
      // A file that does not load, or whose set-up fails, has no failed test to its name.
      if (module.state() === "failed" && counts.failed === before) counts.failed++;
    }
  },
};

/** Says what is left out on this machine. Where all is asked for, each is a failure, unless it is `beyond`. */
function sayWhatIsLeftOut(all: boolean): void {
  const missing = missingNeeds();
  if (missing.length === 0) return;
  say("Left out on this machine:");
  for (const { programs, leavesOut } of missing) say(`  - ${leavesOut} (no ${programs[0] ?? ""})`);
  const packages = missing.flatMap(({ debian }) => debian ?? []);
  if (packages.length > 0) say(`To add them: sudo apt-get install -y ${packages.join(" ")}\n`);
  if (all) counts.failed += missing.filter(({ beyond }) => beyond !== true).length;
}

async function run(): Promise<void> {
  const given = process.argv.slice(2);
  const all = given.includes("--all") || process.env["CI"] === "true";
  const { filter, options } = parseCLI([
    "vitest",
    "run",
    ...given.filter((argument) => argument !== "--all"),
  ]);
  const files = projectsOf(ROOT);
  say(
    `${files.unit.length} files that need nothing, ${files.integration.length} on PostgreSQL, ` +
      `${files.redis.length + files.aloneOnRedis.length} once more on Redis, ` +
      `${files.alone.length} alone, ${files.e2e.length} in a browser`,
  );
  if (filter.length === 0) sayWhatIsLeftOut(all);
  if (filter.length === 0 || filter.some((part) => part.includes("e2e"))) await ensureBuild(say);
  const vitest = await startVitest("test", filter, {
    ...options,
    watch: false,
    reporters: ["default", counting],
  });
  await vitest.close();
}

try {
  await run();
} catch (error) {
  counts.failed++;
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
}
if (counts.skipped > 0) say(`${counts.skipped} skipped: what they need is not on this machine`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`, () =>
  process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0),
);
