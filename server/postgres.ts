// The PostgreSQL that comes with the project: started where DATABASE_URL is unset, kept below `.laurel/`.
import { existsSync, readFileSync, realpathSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { oneAtATime } from "./one-at-a-time.ts";
import {
  asSuperuser,
  findRunning,
  isAlive,
  launch,
  makeCluster,
  shutDown,
  type Flags,
} from "./postgres/cluster.ts";
import { findHome, type Home } from "./postgres/home.ts";
import { freePort, keepSecrets, openSecrets, type Secrets } from "./postgres/secrets.ts";

export { THROWAWAY } from "./postgres/cluster.ts";

/** `url` logs in as `laurel`, who owns the database `laurel` and may make others, and is no superuser. */
export type Postgres = { url: string; port: number; pid: number; stop: () => Promise<void> };

/** `port` is kept for the next time; `flags` are settings of the server, as `THROWAWAY`. */
export type StartOptions = { dataDir: string; port?: number; flags?: Flags };

const START_ATTEMPTS = 5;
const BETWEEN_ATTEMPTS_MS = 300;

/**
 * Starts the cluster in a folder, or picks up the one that runs there since its starter was killed.
 * `stop` ends it, unless another living process started it.
 * Throws with a sentence that says what to do when no PostgreSQL can run here.
 */
export async function startPostgres(options: StartOptions): Promise<Postgres> {
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  // The server names its folder without symbolic links; so do we, to recognise it.
  const folder = realpathSync(options.dataDir);
  return oneAtATime(join(folder, "starting"), () => start(folder, options));
}

async function start(folder: string, options: StartOptions): Promise<Postgres> {
  const home = findHome(folder);
  const secrets = await openSecrets(home.folder);
  if (options.port !== undefined) secrets.port = options.port;
  await makeCluster(home, secrets);
  const running = await runningOrStarted(home, secrets, options.flags ?? {});
  const ours = claim(home.folder, running.pickedUp);
  await makeLaurel(running.port, secrets);
  return {
    url: `postgresql://laurel:${secrets.laurel}@127.0.0.1:${running.port}/laurel`,
    port: running.port,
    pid: running.pid,
    stop: async () => (ours ? shutDown(home, running.pid) : undefined),
  };
}

type Running = { pid: number; port: number; pickedUp: boolean };

async function runningOrStarted(home: Home, secrets: Secrets, flags: Flags): Promise<Running> {
  let said = "";
  for (let attempt = 1; attempt <= START_ATTEMPTS; attempt++) {
    const running = await findRunning(home, secrets);
    if (running) return { ...running, pickedUp: true };
    secrets.port = await freePort(secrets.port);
    keepSecrets(home.folder, secrets);
    const started = await launch(home, secrets, flags);
    if ("pid" in started) return { pid: started.pid, port: secrets.port, pickedUp: false };
    // The children of a killed server may still be leaving.
    said = started.said;
    await sleep(BETWEEN_ATTEMPTS_MS * attempt);
  }
  throw new Error(`PostgreSQL does not start in ${home.pgdata}. It said:\n${said}`);
}

// Not a superuser, so that row-level security binds it; CREATEDB, so that tests can clone a template.
async function makeLaurel(port: number, { superuser, laurel }: Secrets): Promise<void> {
  await asSuperuser(port, { superuser, laurel, port }, async (client) => {
    await client.query("SELECT pg_advisory_lock(hashtext('laurel.setup'))");
    const role = await client.query("SELECT FROM pg_roles WHERE rolname = 'laurel'");
    // The password is base64url of our own making: nothing in it needs quoting.
    if (role.rowCount === 0) await client.query(`CREATE ROLE laurel LOGIN CREATEDB PASSWORD '${laurel}'`);
    const database = await client.query("SELECT FROM pg_database WHERE datname = 'laurel'");
    if (database.rowCount === 0) await client.query("CREATE DATABASE laurel OWNER laurel");
  });
}

// Whoever started the cluster stops it; whoever finds its starter dead inherits the duty.
function claim(folder: string, pickedUp: boolean): boolean {
  const file = join(folder, "owner");
  const owner = existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
  if (pickedUp && owner > 0 && owner !== process.pid && isAlive(owner)) return false;
  writeFileSync(file, String(process.pid));
  return true;
}

/** Ends whatever runs in the folder and deletes the cluster with all its data. */
export async function removePostgres(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return;
  const home = findHome(realpathSync(dataDir));
  const running = await findRunning(home, await openSecrets(home.folder));
  if (running) await shutDown(home, running.pid);
  for (const folder of [home.base, home.folder]) rmSync(folder, { recursive: true, force: true });
}
