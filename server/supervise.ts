// Keeps one child process running: starts it again, later and later, until it is told to stop.
import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { asEnvironment, ROOT, type Variables } from "./variables.ts";

export type Program = { name: string; file: string; args?: string[]; variables: Variables };

export type Supervised = {
  pid: () => number | undefined;
  /** SIGTERM, and SIGKILL for whoever has not ended within the grace. */
  stop: () => Promise<void>;
};

/** What a supervisor tells: for a person's terminal, or a test. */
export type Report = (line: string) => void;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const STEADY_AFTER_MS = 60_000;
// Longer than the last call of a worker: its deadline (60 s at the most) and 15 s.
const GRACE_MS = 80_000;

const FOLLOW = fileURLToPath(new URL("./follow-parent.ts", import.meta.url));

/**
 * Starts a program and keeps it running.
 * @param onMessage receives what the program tells over its channel, at each of its starts
 */
export function supervise(
  program: Program,
  report: Report,
  onMessage: (message: unknown) => void,
): Supervised {
  let child: ChildProcess | undefined;
  let stopping = false;
  let wait = FIRST_WAIT_MS;
  let timer: NodeJS.Timeout | undefined;

  const start = () => {
    const startedAt = performance.now();
    const running = launch(program);
    child = running;
    running.on("message", onMessage);
    running.once("exit", (code, signal) => {
      child = undefined;
      if (stopping) return;
      wait = performance.now() - startedAt > STEADY_AFTER_MS ? FIRST_WAIT_MS : wait;
      report(`${program.name} ended (${signal ?? code ?? "?"}); starting it again in ${wait / 1000} s`);
      timer = setTimeout(start, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    });
  };
  start();

  return {
    pid: () => child?.pid,
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      if (child) await end(child);
    },
  };
}

function launch({ file, args, variables }: Program): ChildProcess {
  return fork(file, args, {
    cwd: ROOT,
    env: asEnvironment(variables),
    execArgv: ["--import", FOLLOW],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    // Ctrl-C in a terminal reaches the supervisor alone, which ends its children in order.
    detached: true,
  });
}

async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
  await gone;
  clearTimeout(timer);
}
