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

/** Files of a certificate for 127.0.0.1 that is its own authority: with it there is only TLS. */
export type Certificate = { key: string; cert: string };

/** Starts a Redis on a free port of the loopback address. */
export async function startRedis(more: Settings = {}, certificate?: Certificate): Promise<Redis> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-redis-"));
  const port = await freePort();
  const usual = { bind: "127.0.0.1", dir: folder, save: "", "maxmemory-policy": "noeviction" };
  const launch = () =>
    run(port, flags({ ...usual, appendonly: "yes", ...listening(port, certificate), ...more }));
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

/**
 * Starts a Sentinel that watches a Redis under the name `mymaster`, and changes over within seconds. `more`: lines of its
 * configuration beside the usual ones.
 */
export async function startSentinel(
  watched: Redis,
  more: string[] = [],
  certificate?: Certificate,
): Promise<{ port: number; stop: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-sentinel-"));
  const port = await freePort();
  const file = join(folder, "sentinel.conf");
  const lines = [
    ...Object.entries(listening(port, certificate)).map(([name, value]) => `${name} ${value}`),
    "bind 127.0.0.1",
    `dir ${folder}`,
    `sentinel monitor mymaster 127.0.0.1 ${watched.port} 1`,
    "sentinel down-after-milliseconds mymaster 500",
    "sentinel failover-timeout mymaster 2000",
    ...more,
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

function listening(port: number, certificate: Certificate | undefined): Settings {
  if (certificate === undefined) return { port };
  const { key, cert } = certificate;
  const files = { "tls-key-file": key, "tls-cert-file": cert, "tls-ca-cert-file": cert };
  const everywhere = { "tls-auth-clients": "no", "tls-replication": "yes", "tls-cluster": "yes" };
  return { port: 0, "tls-port": port, ...files, ...everywhere };
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
