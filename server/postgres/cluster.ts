// One PostgreSQL cluster on disk: made once, started, recognised when it already runs, stopped.
import { execFile, spawn } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  openSync,
  closeSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { commandAs } from "./account.ts";
import type { Home } from "./home.ts";
import type { Secrets } from "./secrets.ts";

export type Flags = Record<string, string>;

/** For clusters that a run throws away: what a crash of the machine would lose is of no use to anybody. */
export const THROWAWAY: Flags = { fsync: "off", full_page_writes: "off", synchronous_commit: "off" };

// Sized for a developer's machine with two cores; no replicas, so the log carries only what recovery needs.
const TUNING: Flags = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "200",
  shared_buffers: "192MB",
  effective_cache_size: "1GB",
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  random_page_cost: "1.1",
  jit: "off",
  max_parallel_workers_per_gather: "0",
  timezone: "UTC",
  log_timezone: "UTC",
  log_min_messages: "warning",
};

const READY_WITHIN_MS = 60_000;
const POLL_MS = 30;
const FAST_STOP_MS = 15_000;
const LOG_LINES_SHOWN = 8;

const run = promisify(execFile);

/** Makes the cluster when there is none. Half-made ones never show: it is made aside and moved into place. */
export async function makeCluster(
  { base, pgdata, account, binaries }: Home,
  { superuser }: Secrets,
): Promise<void> {
  if (existsSync(pgdata)) return;
  const aside = mkdtempSync(join(base, "making-"));
  const passwords = join(aside, "password");
  writeFileSync(passwords, superuser, { mode: 0o600 });
  if (account.kind === "nobody")
    for (const path of [aside, passwords]) chownSync(path, account.uid, account.gid);
  const half = join(aside, "pgdata");
  const options = ["-D", half, "-U", "postgres", "-A", "scram-sha-256", `--pwfile=${passwords}`];
  const { file, args, ids } = commandAs(account, binaries.initdb, [
    ...options,
    "--no-sync",
    "-E",
    "UTF8",
    "--locale=C",
  ]);
  try {
    await run(file, args, { ...ids, cwd: "/", env: plainEnvironment() });
    if (!existsSync(pgdata)) renameSync(half, pgdata);
  } catch (error) {
    // Another process was faster: its cluster is as good.
    if (!existsSync(pgdata)) throw error;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** Starts the server and waits for its first answer; its process id, or what it said when it ended instead. */
export async function launch(
  home: Home,
  secrets: Secrets,
  flags: Flags,
): Promise<{ pid: number } | { said: string }> {
  const log = join(home.folder, "postgres.log");
  const settings = Object.entries({ ...TUNING, ...flags, port: String(secrets.port) });
  const options = ["-D", home.pgdata, ...settings.flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const { file, args, ids } = commandAs(home.account, home.binaries.postgres, options);
  // A file, not a pipe: the server outlives us when we are killed. Detached: Ctrl-C is for us to pass on in order.
  const output = openSync(log, "w", 0o600);
  const child = spawn(file, args, {
    ...ids,
    cwd: "/",
    env: plainEnvironment(),
    detached: true,
    stdio: ["ignore", output, output],
  });
  closeSync(output);
  const ended = new Promise<false>((resolve) =>
    child.once("exit", () => resolve(false)).once("error", () => resolve(false)),
  );
  child.unref();
  const ready = await Promise.race([ended, untilReady(() => answers(secrets.port, secrets, home))]);
  if (ready && child.pid !== undefined) return { pid: child.pid };
  if (child.exitCode === null) child.kill("SIGQUIT");
  return { said: readFileSync(log, "utf8").trim().split("\n").slice(-LOG_LINES_SHOWN).join("\n") };
}

/** The running server of this cluster, recognised by the password and the folder that it names; else undefined. */
export async function findRunning(
  home: Home,
  secrets: Secrets,
): Promise<{ pid: number; port: number } | undefined> {
  const lock = readLock(home.pgdata);
  if (!lock) return undefined;
  if (!isAlive(lock.pid) || !looksLikePostgres(lock.pid)) {
    // Left by a machine that stopped; another program may have the number now, and PostgreSQL would take it for itself.
    rmSync(join(home.pgdata, "postmaster.pid"), { force: true });
    return undefined;
  }
  const ready = await untilReady(async () => !isAlive(lock.pid) || (await answers(lock.port, secrets, home)));
  return ready && isAlive(lock.pid) ? lock : undefined;
}

/** Fast shutdown: open transactions are rolled back, what is committed is on disk. Waits until it is gone. */
export async function shutDown(home: Home, pid: number): Promise<void> {
  const gone = () => !isAlive(pid);
  signal(pid, "SIGINT");
  const deadline = performance.now() + FAST_STOP_MS;
  while (!gone() && performance.now() < deadline) await sleep(POLL_MS);
  if (!gone()) signal(pid, "SIGQUIT");
}

/** One connection for one piece of work, as the superuser, who never leaves this folder. */
export async function asSuperuser<T>(
  port: number,
  secrets: Secrets,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    ...{ host: "127.0.0.1", port, user: "postgres", password: secrets.superuser, database: "postgres" },
    connectionTimeoutMillis: 5_000,
  });
  // A server that stops underneath says so on the connection; the work's own promise tells the caller.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function answers(port: number, secrets: Secrets, { pgdata }: Home): Promise<boolean> {
  try {
    return await asSuperuser(port, secrets, async (client) => {
      const { rows } = await client.query<{ folder: string }>(
        "SELECT current_setting('data_directory') AS folder",
      );
      return rows[0]?.folder === pgdata;
    });
  } catch {
    return false;
  }
}

async function untilReady(ready: () => Promise<boolean>): Promise<boolean> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (performance.now() < deadline) {
    if (await ready()) return true;
    await sleep(POLL_MS);
  }
  return false;
}

function readLock(pgdata: string): { pid: number; port: number } | undefined {
  try {
    const [pid, , , port] = readFileSync(join(pgdata, "postmaster.pid"), "utf8").split("\n").map(Number);
    return pid && port ? { pid, port } : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a process with this number runs, whoever owns it. One that ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
  }
  return stateOf(pid) !== "Z";
}

function stateOf(pid: number): string | undefined {
  try {
    // The name before the state is in brackets and may hold anything.
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.[0];
  } catch {
    return undefined;
  }
}

function looksLikePostgres(pid: number): boolean {
  const file = `/proc/${pid}/cmdline`;
  return !existsSync(file) || readFileSync(file, "utf8").includes("postgres");
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // Gone already, which is what was wanted.
  }
}

// No PG* variable, locale or time zone of the caller reaches the server.
function plainEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: "production", PATH: process.env["PATH"], LC_ALL: "C" };
}
