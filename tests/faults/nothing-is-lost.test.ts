// The short run of `npm run faults`: each fault once on real processes, with every delivery accounted for.
import { describe, expect, test } from "vitest";
import { FAULTS } from "../../faults/all.ts";
import type { BackEnd } from "../../faults/fault.ts";
import { randomFrom } from "../../faults/random.ts";
import { tableOf, type Row } from "../../faults/table.ts";
import "../support/alone.ts";
import { hasProgram } from "../support/needs.ts";
import { runNode } from "../support/run-node.ts";

const WITHIN_MS = 900_000;

/** Runs the faults whose name has `only` in it, each once; its words are in the failure when a promise does not hold. */
async function strike(backEnd: BackEnd, only: string): Promise<Row[]> {
  const args = ["--brief", "--json", "--rounds", "1", "--at-once", "2", "--queue", backEnd, "--only", only];
  const run = runNode(["faults/main.ts", ...args]);
  const code = await run.ended;
  expect(code, run.output()).toBe(0);
  return JSON.parse(run.output().trim().split("\n").at(-1) ?? "[]") as Row[];
}

function expectAllAccountedFor(rows: Row[], backEnd: BackEnd, only: string): void {
  const named = FAULTS.filter(({ name, backEnds }) => name.includes(only) && backEnds.includes(backEnd));
  expect(rows.map(({ fault }) => fault)).toEqual(named.map(({ name }) => name));
  for (const { fault, outcomes } of rows) {
    const [outcome] = outcomes;
    expect(outcome, fault).toMatchObject({
      pending: 0,
      lost: 0,
      problems: [],
      delivered: outcome?.committed,
    });
    expect(outcome?.committed, fault).toBeGreaterThan(0);
  }
}

describe("nothing is lost, and nothing is sent twice that was not in flight", () => {
  test(
    "whatever dies, stops, answers late or has the wrong time, with the queue on PostgreSQL",
    async () => {
      const rows = await strike("postgres", "");
      expectAllAccountedFor(rows, "postgres", "");
    },
    WITHIN_MS,
  );

  test.skipIf(!hasProgram("redis-server"))(
    "when Redis is killed, emptied, restarted or away",
    async () => {
      const rows = await strike("redis", "Redis");
      expectAllAccountedFor(rows, "redis", "Redis");
    },
    WITHIN_MS,
  );
});

test("the same seed draws the same moments, another one others", () => {
  const draws = (seed: string) => {
    const random = randomFrom(seed);
    return Array.from({ length: 200 }, () => random.between(3, 9));
  };
  expect(draws("7 worker killed")).toEqual(draws("7 worker killed"));
  expect(draws("7 worker killed")).not.toEqual(draws("8 worker killed"));
  expect(new Set(draws("7"))).toEqual(new Set([3, 4, 5, 6, 7, 8, 9]));
});

test("the table sums up the rounds of each fault, with the middle and the longest time", () => {
  const outcome = (lost: number, recoveredMs: number) => ({
    ...{ committed: 10, delivered: 10 - lost, pending: 0, lost, duplicated: 1, retried: 0, inFlight: 2 },
    ...{ recoveredMs, bellMs: 100, stale: 0, upMs: 0, problems: [] },
  });
  const outcomes = [outcome(0, 1_000), outcome(2, 9_000), outcome(0, 3_000)];
  const [head, , row] = tableOf([{ fault: "a fault", backEnd: "redis", outcomes }])
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
  const cell = (name: string) => row?.[head?.indexOf(name) ?? -1];
  expect([cell("fault"), cell("times"), cell("committed"), cell("lost")]).toEqual([
    "a fault",
    "3",
    "30",
    "2",
  ]);
  expect(cell("recovered after")).toBe("3.0, ≤ 9.0 s");
});
