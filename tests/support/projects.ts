// Which tests need what, read from what they import: nobody keeps a list.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

export type Projects = Record<"unit" | "integration" | "redis" | "alone" | "aloneOnRedis" | "e2e", string[]>;

const IMPORT = /(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"']+)["']/g;
const SUPPORT = {
  database: "tests/support/database.ts",
  both: "tests/support/both-queues.ts",
  alone: "tests/support/alone.ts",
};

/** The test files of each project, relative to the checkout. A test below `tests/e2e` drives a browser. */
export function projectsOf(root: string): Projects {
  const projects: Projects = { unit: [], integration: [], redis: [], alone: [], aloneOnRedis: [], e2e: [] };
  for (const file of globSync("tests/**/*.test.{ts,tsx}", { cwd: root }).sort()) {
    if (file.startsWith("tests/e2e/")) {
      projects.e2e.push(file);
      continue;
    }
    const needs = reaches(root, file);
    const alone = needs.has(SUPPORT.alone);
    const usual = needs.has(SUPPORT.database) ? projects.integration : projects.unit;
    (alone ? projects.alone : usual).push(file);
    if (needs.has(SUPPORT.both)) (alone ? projects.aloneOnRedis : projects.redis).push(file);
  }
  return projects;
}

// Only through files of the tests: whatever of the app a test imports tells nothing about what the test needs.
function reaches(root: string, file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file) || !file.startsWith("tests/")) return seen;
  seen.add(file);
  for (const [, target = ""] of readFileSync(join(root, file), "utf8").matchAll(IMPORT)) {
    reaches(root, relative(root, join(root, dirname(file), target)), seen);
  }
  return seen;
}
