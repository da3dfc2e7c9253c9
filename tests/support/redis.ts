// A real Redis of one's own, where the machine has the program.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../server/postgres/secrets.ts";

/** `kill` ends it as a crash would, `start` brings it back on the same port with what it had written. */
export type Redis = {
  url: string;
  port: number;
  kill: () => Promise<void>;
  start: () => Promise<void>;
  stop: () => Promise<void>;
};

const READY_WITHIN_MS = 10_000;

/** Whether this machine has `redis-server`. */
export const hasRedis = (): boolean => findProgram("redis-server") !== undefined;

/** The first program of that name on the PATH. */
export function findProgram(name: string): string | undefined {
  return (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((file) => {
      try {
        accessSync(file, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Settings beside the usual ones, by their names in redis.conf. */
type Settings = Readonly<Record<string, string | number>>;

/** Starts a Redis on a free port of the loopback address. */
export async function startRedis(more: Settings = {}): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-redis-"));
  const port = await freePort();
  const usual = { bind: "127.0.0.1", dir: folder, save: "", "maxmemory-policy": "noeviction" };
  const launch = () => run(port, flags({ port, ...usual, appendonly: "yes", ...more }));
  let child = await launch();
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill: () => end(child, "SIGKILL"),
    start: async () => {
      child = await launch();
    },
    stop: async () => {
      await end(child, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a Sentinel that watches a Redis under the name `mymaster`, and changes over within seconds. */
export async function startSentinel(watched: Redis): Promise<{ port: number; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-sentinel-"));
  const port = await freePort();
  const file = join(folder, "sentinel.conf");
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `dir ${folder}`,
    `sentinel monitor mymaster 127.0.0.1 ${watched.port} 1`,
    "sentinel down-after-milliseconds mymaster 500",
    "sentinel failover-timeout mymaster 2000",
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const child = await run(port, [file, "--sentinel"]);
  return {
    port,
    stop: async () => {
      await end(child, "SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const flags = (settings: Settings) =>
  Object.entries(settings).flatMap(([name, value]) => [`--${name}`, ...String(value).split(" ")]);

async function run(port: number, args: string[]): Promise<ChildProcess> {
  const child = spawn("redis-server", args, { stdio: "ignore" });
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await listens(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error("redis-server does not start");
    await sleep(20);
  }
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}
