// What zod found wrong with an input, in our words.
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  object: "an object",
  record: "an object",
  array: "a list",
};
const UNITS: Readonly<Record<string, string>> = { string: "characters", array: "items" };
const UNREADABLE = "It does not read.";
const FORMATS: Readonly<Record<string, string>> = {
  datetime: "It must be a time as 2026-11-21T10:00:00Z.",
};

/** One sentence for each place that an issue is about. `path` with dots; "" is the whole. */
export function sayIssue(issue: Issue): { path: string; sentence: string }[] {
  if (issue.code !== "unrecognized_keys")
    return [{ path: issue.path.join("."), sentence: sentenceOf(issue) }];
  return issue.keys.map((key) => ({
    path: [...issue.path, key].join("."),
    sentence: "There is no such field here.",
  }));
}

function sentenceOf(issue: Issue): string {
  if (issue.code === "invalid_type") {
    const isMissing = issue.message.endsWith("received undefined");
    return isMissing ? "It is missing." : `It must be ${TYPES[issue.expected] ?? issue.expected}.`;
  }
  if (issue.code === "invalid_value") return `It must be one of: ${issue.values.map(String).join(", ")}.`;
  if (issue.code === "too_small") return `It must ${bound(issue.origin, "least", issue.minimum)}.`;
  if (issue.code === "too_big") return `It must ${bound(issue.origin, "most", issue.maximum)}.`;
  return issue.code === "invalid_format" ? (FORMATS[issue.format] ?? UNREADABLE) : UNREADABLE;
}

function bound(origin: string, end: "least" | "most", value: number | bigint): string {
  const unit = UNITS[origin];
  return unit === undefined ? `be at ${end} ${value}` : `have at ${end} ${value} ${unit}`;
}
