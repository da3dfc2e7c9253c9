// The one table that decides what an answer means: webhooks.md, "Answers".
import type { ErrorCode } from "./error-class.ts";

/** delivered · retry on the schedule · wait (retry, not before Retry-After, and slow the lane) · gone (disable). */
export type Verdict = "delivered" | "retry" | "wait" | "gone";

/** What came of one request: a status with its Retry-After in ms (null without), or why there is none. */
export type Answer = { status: number; retryAfterMs: number | null } | { status: null; error: ErrorCode };

type Row = { from: number; to: number; verdict: Verdict; error: ErrorCode | null };

/** First match wins. */
const TABLE: readonly Row[] = [
  { from: 200, to: 299, verdict: "delivered", error: null },
  { from: 300, to: 399, verdict: "retry", error: "status:redirect" },
  { from: 410, to: 410, verdict: "gone", error: "status" },
  { from: 429, to: 429, verdict: "wait", error: "status" },
  { from: 503, to: 503, verdict: "wait", error: "status" },
  { from: 0, to: 999, verdict: "retry", error: "status" },
];

const OTHERWISE: Row = { from: 0, to: 0, verdict: "retry", error: "status" };

/** Decides. A 429 or 503 without Retry-After is an ordinary failure. */
export function verdictOf(answer: Answer): { verdict: Verdict; error: ErrorCode | null } {
  if (answer.status === null) return { verdict: "retry", error: answer.error };
  const { status, retryAfterMs } = answer;
  const row = TABLE.find(({ from, to }) => status >= from && status <= to) ?? OTHERWISE;
  if (row.verdict === "wait" && retryAfterMs === null) return { verdict: "retry", error: row.error };
  return { verdict: row.verdict, error: row.error };
}
