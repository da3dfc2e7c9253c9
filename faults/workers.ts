// The processes that faults strike, kept running by the project's own supervisor.
import { join } from "node:path";
import { isAlive } from "../server/postgres/cluster.ts";
import { supervise } from "../server/supervise.ts";
import { ROOT, type Variables } from "../server/variables.ts";
import { until } from "./patience.ts";

export type Workers = {
  pid: (index: number) => number;
  /** Sends SIGKILL and waits until the process is gone; its supervisor starts it again. */
  kill: (index: number) => Promise<void>;
  /** Resolves when a preload says that it holds what it was told to hold. */
  holds: Promise<void>;
  surprises: string[];
  stop: () => Promise<void>;
};

export type Program = "worker" | "web";
const FILES: Readonly<Record<Program, string>> = {
  worker: "app/worker/main.server.ts",
  web: "server/web.ts",
};

/** The value of NODE_OPTIONS that loads a file of faults/preload before the program. */
export const preload = (name: string): string => `--import=${join(ROOT, "faults/preload", `${name}.ts`)}`;

/** Starts a program once for each environment. `listening` hears what a web process tells. */
export function startWorkers(
  program: Program,
  environments: readonly Variables[],
  listening: (url: string) => void = () => undefined,
): Workers {
  const surprises: string[] = [];
  const held = Promise.withResolvers<undefined>();
  const heed = (message: unknown) => {
    if (typeof message !== "object" || message === null) return;
    if ("holds" in message) held.resolve(undefined);
    if ("listening" in message && typeof message.listening === "string") listening(message.listening);
  };
  let striking = 0;
  const report = (line: string) => {
    if (striking > 0) striking -= 1;
    else surprises.push(line);
  };
  const running = environments.map((variables) =>
    supervise({ name: program, file: join(ROOT, FILES[program]), variables }, report, heed),
  );
  const pid = (index: number) => {
    const found = running[index]?.pid();
    if (found === undefined) throw new Error(`${program} ${index} does not run`);
    return found;
  };
  return {
    pid,
    kill: async (index) => {
      const struck = pid(index);
      striking += 1;
      process.kill(struck, "SIGKILL");
      await until(`the killed ${program} to be gone`, () => !isAlive(struck));
    },
    holds: held.promise,
    surprises,
    stop: async () => void (await Promise.all(running.map((one) => one.stop()))),
  };
}
