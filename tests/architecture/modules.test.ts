// The shape of the code: what ARCHITECTURE.md promises about imports and file names.
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";

const Cruised = z.object({
  summary: z.object({
    totalCruised: z.number(),
    violations: z.array(z.object({ from: z.string(), to: z.string(), rule: z.object({ name: z.string() }) })),
  }),
});
const CRUISE_MS = 60_000;
const files = globSync("app/**/*.{ts,tsx}");

let summary: z.output<typeof Cruised>["summary"];
beforeAll(() => {
  const args = ["app", "server", "--config", ".dependency-cruiser.mjs", "--output-type", "json"];
  const told = execFileSync("node_modules/.bin/depcruise", args, {
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  summary = Cruised.parse(JSON.parse(told)).summary;
}, CRUISE_MS);

test("the ladder was checked on every file of the app, and holds", () => {
  // The tool passes on no modules at all when it does not know the compiler's version.
  expect(summary.totalCruised).toBeGreaterThanOrEqual(files.length);
  expect(summary.violations).toEqual([]);
});

test("every file of the app says in its first line what it is for", () => {
  const silent = files.filter((file) => !/^(\/\/|\/\*\*) ?\S/.test(readFileSync(file, "utf8")));
  expect(silent).toEqual([]);
});

test("no file is a drawer, and no room has a second entrance", () => {
  const drawers = files.filter((file) => /(^|\/)(utils?|helpers?|misc|common|index)([.-]|\/)/.test(file));
  expect(drawers.filter((file) => !file.startsWith("app/routes/"))).toEqual([]);
});

test("the middle file can be read at a glance", () => {
  const lengths = files.map((file) => readFileSync(file, "utf8").split("\n").length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(75);
  expect(lengths.at(-1)).toBeLessThanOrEqual(300);
});
