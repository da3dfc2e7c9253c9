// A Node process of its own, for tests of what happens when one is killed.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach } from "vitest";
import { ROOT } from "../../server/variables.ts";

export type NodeProcess = {
  pid: number;
  /** The first line of its output that contains the text; asked again, the next. Fails when it ends first. */
  line: (containing: string) => Promise<string>;
  kill: (signal: NodeJS.Signals) => Promise<number | null>;
  ended: Promise<number | null>;
  output: () => string;
};

export type NodeOptions = { env?: Record<string, string | undefined>; uid?: number; cwd?: string };

const running = new Set<ChildProcess>();

// A test that failed half-way leaves nothing running.
afterEach(async () => {
  for (const child of running) {
    const gone = once(child, "close");
    child.kill("SIGKILL");
    await gone;
  }
});

/** Runs a file with arguments, or with `-e` and a module of one's own. */
export function runNode(args: string[], options: NodeOptions = {}): NodeProcess {
  const child = spawn(process.execPath, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
  });
  running.add(child);
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => waiting.forEach((look) => look());
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      wake();
    });
  }
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    wake();
    return code as number | null;
  });
  const seen = new Map<string, number>();
  return {
    pid: child.pid ?? 0,
    ended,
    output: () => lines.join("\n"),
    kill: async (signal) => {
      child.kill(signal);
      return ended;
    },
    line: (containing) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const at = lines.findIndex(
            (line, i) => i >= (seen.get(containing) ?? 0) && line.includes(containing),
          );
          if (at < 0 && child.exitCode === null && child.signalCode === null) return;
          waiting.delete(look);
          seen.set(containing, at + 1);
          const found = lines[at];
          if (found === undefined)
            reject(new Error(`It ended without saying "${containing}":\n${lines.join("\n")}`));
          else resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}
