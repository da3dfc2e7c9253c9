// What stops a start, in a sentence for each; and that .env.example tells of every variable.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_RETRY_SCHEDULE_S,
  parseEnv,
  VARIABLES,
  WeakEnvironment,
} from "../../app/platform/env.server.ts";
import { ROOT } from "../../server/variables.ts";

const STRONG = {
  NODE_ENV: "production",
  SHOPIFY_APP_URL: "https://laurel.example",
  SHOPIFY_API_KEY: "laurel-client-id",
  SHOPIFY_API_SECRET: "shpss_laurel_client_secret",
  DATABASE_URL: "postgresql://laurel@127.0.0.1:5432/laurel",
  LAUREL_KEYRING: `k1:${Buffer.from(Array.from({ length: 32 }, (_, n) => n)).toString("base64")}`,
};

function problems(variables: Record<string, string>): readonly string[] {
  try {
    parseEnv({ ...STRONG, ...variables });
    return [];
  } catch (error) {
    if (error instanceof WeakEnvironment) return error.problems;
    throw error;
  }
}

test("what is strong starts, with three days of retries", () => {
  expect(problems({})).toEqual([]);
  expect(parseEnv(STRONG).WEBHOOK_RETRY_SCHEDULE_S).toEqual([...DEFAULT_RETRY_SCHEDULE_S]);
});

describe("in production", () => {
  const tooWeak = "WEBHOOK_RETRY_SCHEDULE_S: in production 3 waits at the least, none under a second";

  test.each([
    ["WEBHOOK_RETRY_SCHEDULE_S", "1", tooWeak],
    ["WEBHOOK_RETRY_SCHEDULE_S", "10,60", tooWeak],
    ["WEBHOOK_RETRY_SCHEDULE_S", Array(30).fill("0.001").join(","), tooWeak],
    ["WEBHOOK_RETRY_SCHEDULE_S", "0.9,10,60", tooWeak],
    ["WEBHOOK_RETRY_SCHEDULE_S", "10,0.5,60", tooWeak],
    ["WEBHOOK_DEADLINE_MS", "4999", "WEBHOOK_DEADLINE_MS: 5000 at the least in production"],
    ["SHOPIFY_APP_URL", "http://laurel.example", "SHOPIFY_APP_URL: must be https in production"],
    ["WEBHOOK_LOOPBACK_HOSTS", "localhost", "WEBHOOK_LOOPBACK_HOSTS: unset it; it is refused in production"],
    [
      "SHOPIFY_SIMULATOR_URL",
      "http://localhost:4000",
      "SHOPIFY_SIMULATOR_URL: unset it; it is refused in production",
    ],
    ["APP_BRIDGE_URL", "http://localhost:4000/a.js", "APP_BRIDGE_URL: unset it; it is refused in production"],
  ])("%s=%s is refused, and nowhere else", (name, value, problem) => {
    expect(problems({ [name]: value })).toEqual([problem]);
    expect(problems({ NODE_ENV: "development", [name]: value })).toEqual([]);
  });

  test.each([
    ["WEBHOOK_RETRY_SCHEDULE_S", "1,1,1"],
    ["WEBHOOK_DEADLINE_MS", "5000"],
  ])("%s=%s is enough", (name, value) => {
    expect(problems({ [name]: value })).toEqual([]);
  });
});

test.each([
  [
    "WEBHOOK_RETRY_SCHEDULE_S",
    "10,x",
    "WEBHOOK_RETRY_SCHEDULE_S: a list of seconds above zero, as `10,60,300`",
  ],
  [
    "WEBHOOK_RETRY_SCHEDULE_S",
    "10,0,60",
    "WEBHOOK_RETRY_SCHEDULE_S: a list of seconds above zero, as `10,60,300`",
  ],
  ["WEBHOOK_DEADLINE_MS", "60001", "WEBHOOK_DEADLINE_MS: 60000 at the most"],
])("%s=%s is refused everywhere", (name, value, problem) => {
  for (const NODE_ENV of ["development", "production"])
    expect(problems({ NODE_ENV, [name]: value })).toContain(problem);
});

describe(".env.example", () => {
  const told = [
    ...readFileSync(join(ROOT, ".env.example"), "utf8").matchAll(/^(?:# ?)?([A-Z][A-Z_]+)=(.*)$/gm),
  ].map(([, name = "", value = ""]) => [name, value] as const);

  test("tells of every variable that is read, once, and of no other", () => {
    expect(told.map(([name]) => name).toSorted()).toEqual(VARIABLES.toSorted());
  });

  test("has values that are accepted, and the schedule that is used without one", () => {
    const given = Object.fromEntries(told.filter(([, value]) => value !== ""));
    expect(problems({ ...given, NODE_ENV: "development" })).toEqual([]);
    expect(given["WEBHOOK_RETRY_SCHEDULE_S"]).toBe(DEFAULT_RETRY_SCHEDULE_S.join(","));
  });
});
