// The PostgreSQL that comes with the project: survives its starter, as any account, anywhere.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterEach, expect, test } from "vitest";
import { isAlive } from "../../server/postgres/cluster.ts";
import { removePostgres, startPostgres, THROWAWAY } from "../../server/postgres.ts";
import { ROOT } from "../../server/variables.ts";
import { runNode, type NodeOptions } from "../support/run-node.ts";

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) {
    await removePostgres(join(folder, "data"));
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);

function newFolder(below = tmpdir(), mode = 0o755): string {
  const folder = mkdtempSync(join(below, "laurel-embedded-"));
  chmodSync(folder, mode);
  folders.push(folder);
  return join(folder, "data");
}

const start = (dataDir: string) => startPostgres({ dataDir, flags: THROWAWAY });

// Another process that starts the cluster and waits to be killed.
function starter(dataDir: string, options: NodeOptions = {}) {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(ROOT, "server/postgres.ts"))};
    const { url, pid, stop } = await startPostgres({ dataDir: ${JSON.stringify(dataDir)} });
    console.log("ready " + JSON.stringify({ url, pid }));
    process.on("SIGTERM", () => stop().then(() => process.exit(0)));
    setInterval(() => undefined, 1000);`;
  return runNode(["--input-type=module-typescript", "-e", script], options);
}

async function told(line: Promise<string>): Promise<{ url: string; pid: number }> {
  return JSON.parse((await line).slice("ready ".length)) as { url: string; pid: number };
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

test("data is there again after a stop and a start, on the same port, and nothing is left running", async () => {
  const dataDir = newFolder();
  const first = await start(dataDir);
  await query(first.url, "CREATE TABLE kept AS SELECT 1 AS one");
  await first.stop();
  expect(isAlive(first.pid)).toBe(false);
  const second = await start(dataDir);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  await second.stop();
}, 120_000);

test("the app's role owns its database, may make others, and row-level security binds it", async () => {
  const { url, stop } = await start(newFolder());
  expect(
    await query(
      url,
      "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user",
    ),
  ).toEqual([{ rolsuper: false, rolbypassrls: false, rolcreatedb: true, rolcreaterole: false }]);
  await query(url, "CREATE DATABASE another");
  await stop();
}, 120_000);

test("the passwords are readable by their owner only, and nobody comes in without one", async () => {
  const dataDir = newFolder();
  const { port, stop } = await start(dataDir);
  expect(statSync(join(dataDir, "secrets.json")).mode & 0o077).toBe(0);
  await expect(query(`postgresql://laurel:guess@127.0.0.1:${port}/laurel`, "SELECT 1")).rejects.toThrow(
    /password/,
  );
  await expect(query(`postgresql://postgres@127.0.0.1:${port}/postgres`, "SELECT 1")).rejects.toThrow(
    /password/,
  );
  await stop();
}, 120_000);

test("it survives kill -9 of its starter and is picked up again with what was committed", async () => {
  const dataDir = newFolder();
  const killed = starter(dataDir);
  const { url, pid } = await told(killed.line("ready "));
  await query(url, "CREATE TABLE kept AS SELECT 1 AS one");
  await killed.kill("SIGKILL");
  expect(isAlive(pid)).toBe(true);
  const picked = await start(dataDir);
  expect(picked.pid).toBe(pid);
  expect(await query(picked.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  await picked.stop();
  expect(isAlive(pid)).toBe(false);
}, 120_000);

test("it starts again after kill -9 of everything, with what was committed", async () => {
  const dataDir = newFolder();
  const killed = starter(dataDir);
  const { url, pid } = await told(killed.line("ready "));
  await query(url, "CREATE TABLE kept AS SELECT 1 AS one");
  await killed.kill("SIGKILL");
  process.kill(pid, "SIGKILL");
  const again = await start(dataDir);
  expect(again.pid).not.toBe(pid);
  expect(await query(again.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
  await again.stop();
}, 120_000);

test("a lock file that a stopped machine left, whose number another program has now, is no obstacle", async () => {
  const dataDir = newFolder();
  const first = await start(dataDir);
  await first.stop();
  const lock = [process.pid, join(dataDir, "pgdata"), 1, first.port, "", "127.0.0.1", "", "ready"].join("\n");
  writeFileSync(join(dataDir, "pgdata", "postmaster.pid"), lock);
  const second = await start(dataDir);
  expect(await query(second.url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  await second.stop();
}, 120_000);

test("whoever picks it up while its starter lives does not stop it", async () => {
  const dataDir = newFolder();
  const owner = starter(dataDir);
  const { url, pid } = await told(owner.line("ready "));
  const guest = await start(dataDir);
  expect(guest.pid).toBe(pid);
  await guest.stop();
  expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
  expect(await owner.kill("SIGTERM")).toBe(0);
  expect(isAlive(pid)).toBe(false);
}, 120_000);

test("two that start at once come to the same server", async () => {
  const dataDir = newFolder();
  const [a, b] = [starter(dataDir), starter(dataDir)];
  const [first, second] = await Promise.all([told(a.line("ready ")), told(b.line("ready "))]);
  expect(second).toEqual(first);
  await Promise.all([a.kill("SIGKILL"), b.kill("SIGKILL")]);
}, 120_000);

test.runIf(process.getuid?.() === 0)(
  "root runs it below a folder that others cannot enter",
  async () => {
    const hidden = newFolder("/root", 0o700);
    const { url, stop } = await start(hidden);
    expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await stop();
  },
  120_000,
);

test.runIf(process.getuid?.() === 0)(
  "root without user namespaces runs it as nobody, outside, and finds it again",
  async () => {
    const hidden = newFolder("/root", 0o700);
    // No `unshare` on this PATH.
    const once = starter(hidden, { env: { PATH: "/nonexistent" } });
    const { url } = await told(once.line("ready "));
    await query(url, "CREATE TABLE kept AS SELECT 1 AS one");
    expect(await once.kill("SIGTERM")).toBe(0);
    const { base } = JSON.parse(readFileSync(join(hidden, "place.json"), "utf8")) as { base: string };
    expect(statSync(base).uid).not.toBe(0);
    // Where it lives is remembered, whatever would be possible now.
    const again = await start(hidden);
    expect(await query(again.url, "SELECT one FROM kept")).toEqual([{ one: 1 }]);
    await again.stop();
    await removePostgres(hidden);
    expect(existsSync(base)).toBe(false);
  },
  120_000,
);
