// What needs nothing, what needs PostgreSQL, what runs once more on Redis; after these, one file at a time, what measures
// time, and the whole app in a browser.
import { defineConfig } from "vitest/config";
import { projectsOf } from "./tests/support/projects.ts";
import { findBrowser } from "./tests/support/needs.ts";
import { hasRedis } from "./tests/support/redis.ts";

const files = projectsOf(import.meta.dirname);
// The client is generated as CommonJS: Node loads it, not Vite.
const server = { deps: { external: [/\/generated\/prisma\//] } };
const cluster = "tests/support/cluster.ts";
const onPostgres = { globalSetup: cluster, testTimeout: 60_000, hookTimeout: 60_000 };
// Vitest runs these when all others have ended.
const alone = { ...onPostgres, fileParallelism: false };

const project = (name: keyof typeof files, setupFile: string, more: object = {}) => ({
  test: { name, include: files[name], setupFiles: [`tests/support/${setupFile}`], server, ...more },
});

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      project("unit", "environment.ts"),
      project("integration", "isolate.ts", onPostgres),
      project("alone", "isolate.ts", alone),
      ...(hasRedis()
        ? [
            project("redis", "isolate-on-redis.ts", onPostgres),
            project("aloneOnRedis", "isolate-on-redis.ts", alone),
          ]
        : []),
      ...(findBrowser() === undefined
        ? []
        : [project("e2e", "environment.ts", { ...alone, testTimeout: 120_000, hookTimeout: 120_000 })]),
    ],
  },
});
