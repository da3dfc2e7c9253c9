// What a program's form accepts, and what it says about the rest.
import { describe, expect, test } from "vitest";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import { examplePoints } from "../../app/program/example.ts";
import { problemsOf, programSettings } from "../../app/program/settings.ts";

const tier = (changes: object) => ({ id: "t", name: "T", threshold: 10, multiplier: "1", ...changes });

test("the default program is one that its own form accepts", () => {
  expect(programSettings.parse(DEFAULT_PROGRAM)).toEqual(DEFAULT_PROGRAM);
});

test("numbers are read as they are typed and kept in one spelling; tiers are kept lowest first", () => {
  const read = programSettings.parse({
    ...DEFAULT_PROGRAM,
    pointsPerUnit: " 01,50 ",
    tiers: [...DEFAULT_PROGRAM.tiers].reverse(),
  });
  expect(read.pointsPerUnit).toBe("1.5");
  expect(read.tiers.map(({ id }) => id)).toEqual(["member", "silver", "gold"]);
});

describe("refused, with the field", () => {
  test.each([
    ["pointsPerUnit", { pointsPerUnit: "-1" }],
    ["pointsPerUnit", { pointsPerUnit: "1e3" }],
    ["pointsPerUnit", { pointsPerUnit: "1.23456" }],
    ["pointsPerUnit", { pointsPerUnit: "10001" }],
    ["tiers.0.name", { tiers: [tier({ name: " " })] }],
    ["tiers.0.threshold", { tiers: [tier({ threshold: "1.5" })] }],
    ["tiers.0.threshold", { tiers: [tier({ threshold: -1 })] }],
    ["tiers.0.multiplier", { tiers: [tier({ multiplier: "two" })] }],
    ["tiers.1.threshold", { tiers: [tier({}), tier({ id: "u", name: "U" })] }],
    ["tiers.1.name", { tiers: [tier({}), tier({ id: "u", name: "t", threshold: 20 })] }],
    ["tiers.1.id", { tiers: [tier({}), tier({ name: "U", threshold: 20 })] }],
    [
      "tiers",
      { tiers: Array.from({ length: 11 }, (_, i) => tier({ id: `t${i}`, name: `T${i}`, threshold: i })) },
    ],
  ])("%s: %j", (field, changes) => {
    expect(Object.keys(problemsOf({ ...DEFAULT_PROGRAM, ...changes }))).toContain(field);
  });

  test("whatever is sent", () => {
    for (const odd of [null, 5, "x", [], {}]) expect(problemsOf(odd)).not.toEqual({});
  });
});

test("the live example says what an order earns", () => {
  expect(examplePoints(DEFAULT_PROGRAM, "1.25", { amount: "50.00", currency: "EUR" })).toBe(62);
  expect(examplePoints({ pointsPerUnit: "" }, "1.25", { amount: "50.00", currency: "EUR" })).toBeNull();
});
