// Builds the app where the build is missing or older than what it is made of.
import { execFile } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { oneAtATime } from "./one-at-a-time.ts";
import { ROOT } from "./variables.ts";

const SOURCES = [
  "app/**/*.{ts,tsx,css,json,graphql}",
  "vite.config.ts",
  "package-lock.json",
  "prisma/schema.prisma",
];
const REMIX = createRequire(import.meta.url).resolve("@remix-run/dev/dist/cli.js");
const OUTPUT_BYTES_MAX = 32 * 1024 * 1024;
const run = promisify(execFile);

/** True when there was something to build. Throws with the build's own words when it fails. */
export async function ensureBuild(report: (line: string) => void = () => undefined): Promise<boolean> {
  if (builtAt() > newestSource()) return false;
  return oneAtATime(join(ROOT, ".cache", "building"), async () => {
    if (builtAt() > newestSource()) return false;
    report("Building the app");
    await build();
    return true;
  });
}

async function build(): Promise<void> {
  const environment = { ...process.env, NODE_ENV: "production" as const };
  try {
    await run(process.execPath, [REMIX, "vite:build"], {
      cwd: ROOT,
      env: environment,
      maxBuffer: OUTPUT_BYTES_MAX,
    });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new Error(`The app does not build:\n${said}`, { cause: error });
  }
}

function builtAt(): number {
  return statSync(join(ROOT, "build/server/index.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSource(): number {
  return Math.max(...globSync(SOURCES, { cwd: ROOT }).map((file) => statSync(join(ROOT, file)).mtimeMs));
}
