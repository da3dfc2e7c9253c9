// `npm start`: web and worker as processes, their end, and what keeps them from starting.
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { beforeAll, expect, test } from "vitest";
import { ensureBuild } from "../../server/ensure-build.ts";
import { migrateDatabase } from "../../server/migrate-database.ts";
import { isAlive } from "../../server/postgres/cluster.ts";
import { removePostgres, startPostgres, THROWAWAY } from "../../server/postgres.ts";
import { growthShopWithProgram, integrator } from "../api/an-integrator.ts";
import { testDatabase } from "../support/database.ts";
import { runNode } from "../support/run-node.ts";

beforeAll(async () => void (await ensureBuild()), 120_000);

const told = { LOG_LEVEL: "info", HOST: "127.0.0.1", PORT: "0" };

async function startWeb(env: Record<string, string | undefined> = {}) {
  const web = runNode(["server/web.ts"], { env: { ...told, ...env } });
  const { port } = JSON.parse(await web.line("web.listening")) as { port: number };
  return { ...web, url: `http://127.0.0.1:${port}` };
}

/** How many sessions of this file's database wait for a lock on a table. */
async function waitingFor(table: string): Promise<number> {
  const [row] = await testDatabase().query<{ waiting: number }>(
    `SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted AND relation = $1::regclass
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [table],
  );
  return row?.waiting ?? 0;
}

test("the web process is live, ready, and tells nothing of what it runs on", async () => {
  const web = await startWeb();
  const live = await fetch(`${web.url}/health`);
  expect([live.status, await live.text()]).toEqual([200, "ok\n"]);
  expect(live.headers.get("x-powered-by")).toBeNull();
  expect(live.headers.get("x-content-type-options")).toBe("nosniff");
  const screen = await fetch(`${web.url}/app?shop=laurel-demo.myshopify.com`, { redirect: "manual" });
  expect(screen.headers.get("cache-control")).toBe("no-store");
  expect(screen.headers.get("content-security-policy")).not.toContain("'none'");
  // A slow machine's first connections may take longer than a readiness probe waits.
  const ready = async (): Promise<unknown> => (await fetch(`${web.url}/ready`)).json();
  await expect
    .poll(ready, { timeout: 30_000 })
    .toEqual({ ready: true, database: true, migrations: true, queue: true, laneLagSeconds: 0 });
  expect((await fetch(`${web.url}/ready`)).status).toBe(200);
  expect((await fetch(`${web.url}/nothing-here`)).status).toBe(404);
  expect((await fetch(`${web.url}/assets/%E0%A4%A`)).status).toBe(400);
  expect(await web.kill("SIGTERM")).toBe(0);
}, 120_000);

test("what stands at an address below /v1 is for the API to read, and no method is an error", async () => {
  const { key } = await integrator(await growthShopWithProgram());
  const web = await startWeb();
  const headers = { Authorization: `Bearer ${key}` };
  const answer = await fetch(`${web.url}/v1/customers/%E0%A4%A`, { headers });
  expect([answer.status, answer.headers.get("content-type")]).toEqual([404, "application/vnd.api+json"]);
  expect(await answer.json()).toMatchObject({ errors: [{ status: "404", code: "member_unknown" }] });
  expect((await fetch(`${web.url}/%E0%A4%A`)).status).toBe(404);
  for (const path of ["/v1/customers", "/app", "/assets/x.js"]) {
    const traced = request(`${web.url}${path}`, { method: "TRACE", headers }).end();
    const [{ statusCode }] = (await once(traced, "response")) as [IncomingMessage];
    expect(statusCode, path).toBe(501);
  }
  await web.kill("SIGTERM");
}, 120_000);

test("metrics are Prometheus' text, and want the token where one is set", async () => {
  const METRICS_TOKEN = randomBytes(16).toString("hex");
  const web = await startWeb({ METRICS_TOKEN });
  expect((await fetch(`${web.url}/metrics`)).status).toBe(401);
  expect((await fetch(`${web.url}/metrics`, { headers: { Authorization: "Bearer wrong" } })).status).toBe(
    401,
  );
  const page = await fetch(`${web.url}/metrics`, { headers: { Authorization: `Bearer ${METRICS_TOKEN}` } });
  expect(page.headers.get("content-type")).toContain("text/plain");
  const text = await page.text();
  expect(text).toContain('laurel_deliveries{state="due"} 0');
  expect(text).toContain("laurel_lane_lag_seconds 0");
  expect(text).toContain("laurel_attempt_seconds_bucket");
  await web.kill("SIGTERM");
}, 120_000);

test("however many ask whether it is ready, one connection counts what is pending, and webhooks keep the others", async () => {
  const web = await startWeb({ DATABASE_POOL: "3" });
  const locker = new pg.Client({ connectionString: testDatabase().url });
  await locker.connect();
  await locker.query("BEGIN; LOCK TABLE owed IN ACCESS EXCLUSIVE MODE");
  const ask = (path: string) => Array.from({ length: 30 }, async () => (await fetch(web.url + path)).text());
  const asked = Promise.all([...ask("/ready"), ...ask("/metrics")]);
  await expect.poll(() => waitingFor("owed"), { timeout: 10_000, interval: 20 }).toBe(1);
  // Those of /ready are answered after two seconds, without the lag; who asks then finds the question still under way.
  const late = await fetch(`${web.url}/ready`);
  expect([late.status, await late.json()]).toMatchObject([200, { ready: true, laneLagSeconds: null }]);
  expect(await waitingFor("owed")).toBe(1);
  await locker.end();
  expect((await asked).at(-1)).toContain("laurel_lane_lag_seconds 0");
  await web.kill("SIGTERM");
}, 120_000);

test("in production the web process shows no metrics without a token", async () => {
  const web = await startWeb({
    NODE_ENV: "production",
    SHOPIFY_APP_URL: "https://laurel.example",
    WEBHOOK_LOOPBACK_HOSTS: "",
  });
  expect((await fetch(`${web.url}/metrics`)).status).toBe(404);
  await web.kill("SIGTERM");
}, 120_000);

test("a new version is not ready before its migrations ran", async () => {
  const db = testDatabase();
  await db.query(
    "UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name LIKE '%queue_health'",
  );
  const web = await startWeb();
  const ready = await fetch(`${web.url}/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ ready: false, database: true, migrations: false });
  await db.query("UPDATE _prisma_migrations SET finished_at = now() WHERE finished_at IS NULL");
  await expect.poll(async () => (await fetch(`${web.url}/ready`)).status, { timeout: 30_000 }).toBe(200);
  await web.kill("SIGTERM");
}, 120_000);

test("ready says 503 while PostgreSQL is away, live says 200 all the while, and both heal by themselves", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "laurel-away-"));
  const postgres = await startPostgres({ dataDir, flags: THROWAWAY });
  await migrateDatabase(postgres.url);
  const web = await startWeb({ DATABASE_URL: postgres.url });
  const ready = async () => (await fetch(`${web.url}/ready`)).status;
  await expect.poll(ready, { timeout: 30_000 }).toBe(200);
  await postgres.stop();
  // What was true is told for two seconds more, each part by its own clock.
  const says = async (): Promise<unknown> => (await fetch(`${web.url}/ready`)).json();
  const away = { ready: false, database: false, laneLagSeconds: null };
  await expect.poll(says, { timeout: 30_000 }).toMatchObject(away);
  expect(await ready()).toBe(503);
  expect((await fetch(`${web.url}/health`)).status).toBe(200);
  expect((await fetch(`${web.url}/metrics`)).status).toBe(200);
  await startPostgres({ dataDir, flags: THROWAWAY });
  await expect.poll(ready, { timeout: 30_000 }).toBe(200);
  expect(await web.kill("SIGTERM")).toBe(0);
  await removePostgres(dataDir);
}, 120_000);

test("SIGTERM lets a request that runs finish, takes no new one, and the process ends with 0", async () => {
  const web = await startWeb();
  expect((await fetch(`${web.url}/health`)).status).toBe(200);
  // While what is owed is locked, /metrics waits for its count.
  const locker = new pg.Client({ connectionString: testDatabase().url });
  await locker.connect();
  await locker.query("BEGIN; LOCK TABLE owed IN ACCESS EXCLUSIVE MODE");
  let answered = false;
  const answer = fetch(`${web.url}/metrics`).then((response) => {
    answered = true;
    return response;
  });
  await expect.poll(() => waitingFor("owed"), { timeout: 10_000, interval: 20 }).toBe(1);
  const ended = web.kill("SIGTERM");
  const refuses = () =>
    fetch(`${web.url}/health`, { headers: { connection: "close" } }).then(
      () => false,
      () => true,
    );
  await expect.poll(refuses, { timeout: 10_000, interval: 20 }).toBe(true);
  expect(answered).toBe(false);
  await locker.end();
  expect((await answer).status).toBe(200);
  expect(await ended).toBe(0);
}, 120_000);

test("a missing or weak environment stops the start with one sentence for each", async () => {
  const start = runNode(["server/start.ts"], {
    env: {
      SHOPIFY_API_KEY: "",
      SHOPIFY_API_SECRET: "short",
      LAUREL_KEYRING: "k1:AAAA",
      METRICS_TOKEN: "short",
    },
  });
  expect(await start.ended).toBe(1);
  for (const name of ["SHOPIFY_API_KEY", "SHOPIFY_API_SECRET", "LAUREL_KEYRING", "METRICS_TOKEN"]) {
    expect(start.output().match(new RegExp(`- ${name}: `, "g"))).toHaveLength(1);
  }
  expect(start.output()).not.toContain("    at ");
}, 120_000);

test("in production, what only a laptop may set stops the start", async () => {
  const start = runNode(["server/start.ts"], {
    env: {
      NODE_ENV: "production",
      SHOPIFY_SIMULATOR_URL: "http://localhost:1",
      APP_BRIDGE_URL: "http://localhost:1/a.js",
      SHOPIFY_APP_URL: "HTTP://laurel.example",
    },
  });
  expect(await start.ended).toBe(1);
  expect(start.output()).toContain("SHOPIFY_APP_URL: must be https");
  expect(start.output()).toContain("SHOPIFY_SIMULATOR_URL");
  expect(start.output()).toContain("WEBHOOK_LOOPBACK_HOSTS");
}, 120_000);

test.each(["server/web.ts", "server/worker.ts"])(
  "%s started by hand is production unless something else is said",
  async (file) => {
    const process = runNode([file], { env: { NODE_ENV: undefined } });
    expect(await process.ended).toBe(1);
    expect(process.output()).toContain("WEBHOOK_LOOPBACK_HOSTS: unset it; it is refused in production");
  },
  60_000,
);

test("a body that does not arrive within ten seconds is given up", async () => {
  const web = await startWeb();
  const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
  const begun = performance.now();
  socket.write("POST /webhooks/orders/paid HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n");
  for (const name of ["Topic", "Hmac-Sha256", "Shop-Domain", "Api-Version", "Webhook-Id"])
    socket.write(`X-Shopify-${name}: orders/paid\r\n`);
  socket.write('\r\n{"id"');
  await once(socket.resume(), "close");
  expect(performance.now() - begun).toBeLessThan(15_000);
  await web.kill("SIGTERM");
}, 60_000);

test("the supervisor starts again what dies, on the same port, and its children end when it is killed", async () => {
  const start = runNode(["server/start.ts"], { env: told });
  const url = (await start.line("Laurel listens on")).split(" ").at(-1) ?? "";
  const { pid } = JSON.parse(await start.line("web.listening")) as { pid: number };
  process.kill(pid, "SIGKILL");
  await start.line("web ended (SIGKILL)");
  const again = JSON.parse(await start.line("web.listening")) as { pid: number; port: number };
  expect(String(again.port)).toBe(new URL(url).port);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  process.kill(start.pid, "SIGKILL");
  await expect.poll(() => isAlive(again.pid), { timeout: 15_000 }).toBe(false);
}, 120_000);

test("npm start ends with 0 on SIGTERM, and so do its processes", async () => {
  const start = runNode(["server/start.ts"], { env: told });
  const line = await start.line("web.listening");
  await start.line("Laurel listens on");
  expect(await start.kill("SIGTERM")).toBe(0);
  expect(isAlive((JSON.parse(line) as { pid: number }).pid)).toBe(false);
}, 120_000);
