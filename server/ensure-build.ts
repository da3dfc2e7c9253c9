// Builds the app where the build is missing or older than what it is made of.
import { execFile } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "./variables.ts";

const SOURCES = [
  "app/**/*.{ts,tsx,css,json,graphql}",
  "vite.config.ts",
  "package-lock.json",
  "prisma/schema.prisma",
];
const REMIX = createRequire(import.meta.url).resolve("@remix-run/dev/dist/cli.js");
const run = promisify(execFile);

/** True when there was something to build. Throws with the build's own words when it fails. */
export async function ensureBuild(report: (line: string) => void = () => undefined): Promise<boolean> {
  if (builtAt() > newestSource()) return false;
  report("Building the app");
  try {
    await run(process.execPath, [REMIX, "vite:build"], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: "production" },
      maxBuffer: 32 * 1024 * 1024,
    });
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new Error(`The app does not build:\n${said}`, { cause: error });
  }
  return true;
}

function builtAt(): number {
  return statSync(join(ROOT, "build/server/index.js"), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function newestSource(): number {
  return Math.max(...globSync(SOURCES, { cwd: ROOT }).map((file) => statSync(join(ROOT, file)).mtimeMs));
}
