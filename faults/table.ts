// The table of a fault run: one row for each fault and back end, summed over its rounds.
import type { BackEnd } from "./fault.ts";
import type { Outcome } from "./run-round.ts";

export type Row = { fault: string; backEnd: BackEnd; outcomes: Outcome[] };

const COLUMNS: readonly { head: string; of: (row: Row) => string; left?: true }[] = [
  { head: "fault", of: ({ fault }) => fault, left: true },
  { head: "queue on", of: ({ backEnd }) => backEnd, left: true },
  { head: "times", of: ({ outcomes }) => String(outcomes.length) },
  { head: "committed", of: (row) => total(row, ({ committed }) => committed) },
  { head: "delivered", of: (row) => total(row, ({ delivered }) => delivered) },
  { head: "pending", of: (row) => total(row, ({ pending }) => pending) },
  { head: "lost", of: (row) => total(row, ({ lost }) => lost) },
  { head: "duplicated", of: (row) => total(row, ({ duplicated }) => duplicated) },
  { head: "in flight", of: (row) => total(row, ({ inFlight }) => inFlight) },
  { head: "stale finishes", of: (row) => total(row, ({ stale }) => stale) },
  { head: "retried", of: (row) => total(row, ({ retried }) => retried) },
  { head: "worker up after", of: (row) => spread(row, ({ upMs }) => upMs) },
  { head: "recovered after", of: (row) => spread(row, ({ recoveredMs }) => recoveredMs) },
  { head: "bell again after", of: (row) => spread(row, ({ bellMs }) => bellMs) },
];

const total = ({ outcomes }: Row, of: (outcome: Outcome) => number) =>
  String(outcomes.reduce((sum, outcome) => sum + of(outcome), 0));

// The middle and the longest, in seconds.
function spread({ outcomes }: Row, of: (outcome: Outcome) => number): string {
  const times = outcomes.map(of).sort((a, b) => a - b);
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  return `${seconds(times[Math.floor(times.length / 2)] ?? NaN)}, ≤ ${seconds(times.at(-1) ?? NaN)} s`;
}

/** The rows as a table that Markdown understands too. */
export function tableOf(rows: readonly Row[]): string {
  const cells = [COLUMNS.map(({ head }) => head), ...rows.map((row) => COLUMNS.map(({ of }) => of(row)))];
  const widths = COLUMNS.map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, at) =>
      COLUMNS[at]?.left === true ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
    ),
  );
  const rule = widths.map((width, at) => "-".repeat(width - 1) + (COLUMNS[at]?.left === true ? "-" : ":"));
  return [lines[0] ?? [], rule, ...lines.slice(1)].map((line) => `| ${line.join(" | ")} |`).join("\n");
}
