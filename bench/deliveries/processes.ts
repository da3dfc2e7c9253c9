// What processes cost: CPU time and memory as Linux tells them, since a shared machine makes every rate a guess.
import { readdirSync, readFileSync } from "node:fs";

/** Of /proc: the kernel's tick is 10 ms on every Linux that Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4096;
/** Where the fields are, counted behind the name in brackets. */
const FIELD = { parent: 1, user: 11, system: 12, childUser: 13, childSystem: 14, rss: 21 } as const;

function statOf(pid: number): number[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text
      .slice(text.lastIndexOf(") ") + 2)
      .split(" ")
      .map(Number);
  } catch {
    return [];
  }
}

/** Milliseconds of CPU that one process has used. */
export function cpuOf(pid: number): number {
  const stat = statOf(pid);
  return ((stat[FIELD.user] ?? 0) + (stat[FIELD.system] ?? 0)) * TICK_MS;
}

/** The same with its children, those that are gone too: all of a PostgreSQL, by its postmaster. */
export function cpuOfFamily(pid: number): number {
  const own = statOf(pid);
  let ticks = (own[FIELD.childUser] ?? 0) + (own[FIELD.childSystem] ?? 0);
  for (const entry of readdirSync("/proc")) {
    const stat = /^\d+$/.test(entry) ? statOf(Number(entry)) : [];
    if (Number(entry) === pid || stat[FIELD.parent] === pid)
      ticks += (stat[FIELD.user] ?? 0) + (stat[FIELD.system] ?? 0);
  }
  return ticks * TICK_MS;
}

/** Resident memory of a process in MiB. */
export const memoryOf = (pid: number): number => ((statOf(pid)[FIELD.rss] ?? 0) * PAGE_BYTES) / 1024 ** 2;
