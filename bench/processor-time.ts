// How much processor time the processes below a bench have used: what stays true on a machine that others use too.
import { readdirSync, readFileSync } from "node:fs";

/** Linux counts in hundredths of a second, whatever the kernel was built with. */
const MS_PER_TICK = 10;

type Stat = { parent: number; ms: number };

// "pid (name) state ppid …": the name may hold spaces and brackets, so count from its end.
function statOf(pid: number): Stat | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
    const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
    return {
      parent: Number(fields[1]),
      ms: (user + system + endedUser + endedSystem) * MS_PER_TICK,
    };
  } catch {
    return null;
  }
}

/** Milliseconds of processor time that a process has used so far; NaN where the system does not tell. */
export function processorMs(pid: number | undefined): number {
  return (pid === undefined ? null : statOf(pid))?.ms ?? Number.NaN;
}

/** The process that started this one: of a backend, its PostgreSQL. */
export function parentOf(pid: number): number | undefined {
  return statOf(pid)?.parent;
}

/** The same of a process and what it started: of a PostgreSQL, all its backends, ended ones too. */
export function familyMs(pid: number | undefined): number {
  const children = readdirSync("/proc")
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid);
  return children.reduce((sum, child) => sum + (child?.ms ?? 0), processorMs(pid));
}
