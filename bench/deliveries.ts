// `npm run bench -- deliveries`: drain and commit-to-receipt, on both back ends of the queue, beside a bare POST loop
// and beside the plain way of one BullMQ job for each delivery.
import { fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { migrateDatabase } from "../server/migrate-database.ts";
import { removePostgres, startPostgres } from "../server/postgres.ts";
import { hasRedis, startRedis } from "../tests/support/redis.ts";
import { setEnvironment } from "./environment.ts";
import { measure, row } from "./figures.ts";

const DRAINED = Number(process.env["BENCH_DELIVERIES"] ?? 20_000);
const PLAIN = Math.min(DRAINED, 1_000);
const SHOPS = 10;
const SUBSCRIPTIONS_EACH = 5;
const LATENCY = [
  { rate: 50, count: 300 },
  { rate: 200, count: 1_200 },
];
const BARE_AT_ONCE = 64;
const BODY = "x".repeat(700);

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Each back end in a process of its own, since the app reads its environment once. */
export async function benchDeliveries(): Promise<void> {
  if (process.env["BENCH_BACK_END"] !== undefined) return benchOne(process.env["BENCH_BACK_END"]);
  for (const backEnd of hasRedis() ? ["postgres", "redis"] : ["postgres"]) {
    const [script = "", ...rest] = process.argv.slice(1);
    const env = { ...process.env, BENCH_BACK_END: backEnd };
    const child = spawn(process.execPath, [script, ...rest], { stdio: "inherit", env });
    await once(child, "exit");
    if (child.exitCode !== 0) throw new Error(`the bench on ${backEnd} failed`);
  }
}

async function benchOne(backEnd: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-bench-"));
  const postgres = await startPostgres({ dataDir: folder });
  const redis = backEnd === "redis" ? await startRedis() : null;
  const receiver = fork(join(import.meta.dirname, "receiver.ts"));
  const [port] = (await once(receiver, "message")) as [number];
  try {
    await migrateDatabase(postgres.url);
    setEnvironment(postgres.url, redis?.url);
    say(`\nBullMQ on ${backEnd}`);
    const url = `http://127.0.0.1:${port}/hooks`;
    const bare = await barePosts(url);
    await drain(url, bare);
    await latency();
    const { shutdown } = await import("../app/platform/shutdown.server.ts");
    await shutdown();
  } finally {
    receiver.kill();
    await redis?.stop();
    await removePostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function barePosts(url: string): Promise<number> {
  const pool = new Pool(new URL(url).origin, { connections: BARE_AT_ONCE });
  const figures = await measure(DRAINED, BARE_AT_ONCE, async () => {
    const answer = await pool.request({ path: "/hooks", method: "POST", body: BODY });
    await answer.body.dump();
  });
  await pool.close();
  say(row(`bare undici POST loop, ${BARE_AT_ONCE} at once`, figures));
  return figures.perSecond;
}

async function drain(url: string, bare: number): Promise<void> {
  const { attemptsOf, letSend, makeShops, oweEvents } = await import("./delivery-shops.ts");
  const shops = await makeShops("drain", SHOPS, SUBSCRIPTIONS_EACH, url);
  await letSend(shops, false);
  for (const shopId of shops) await oweEvents(shopId, DRAINED / SHOPS / SUBSCRIPTIONS_EACH);
  const worker = startWorker();
  await sleep(3_000);
  const started = performance.now();
  await letSend(shops, true);
  while ((await attemptsOf(shops)) < DRAINED) await sleep(50);
  const perSecond = (DRAINED / (performance.now() - started)) * 1000;
  await stopWorker(worker);
  const share = ((perSecond / bare) * 100).toFixed(0);
  say(`drain of ${DRAINED} with attempts kept: ${perSecond.toFixed(0)}/s, ${share} % of the bare loop`);
  const plainShops = await makeShops("plain", SHOPS, SUBSCRIPTIONS_EACH, url);
  for (const shopId of plainShops) await oweEvents(shopId, PLAIN / SHOPS / SUBSCRIPTIONS_EACH);
  const { plainWay } = await import("./plain-way.ts");
  const plain = await plainWay(plainShops, url);
  say(
    `the plain way, one job each: ${plain.toFixed(0)}/s; ours is ${(perSecond / plain).toFixed(1)} times it`,
  );
  await letSend(plainShops, false);
}

async function latency(): Promise<void> {
  const { makeShops, oweEvents } = await import("./delivery-shops.ts");
  const arrived = new Map<string, number>();
  const server = createServer((request, response) => {
    arrived.set(String(request.headers["webhook-id"]), performance.now());
    request.resume();
    request.on("end", () => response.end("ok"));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const [shopId] = await makeShops("latency", 1, 1, `http://127.0.0.1:${port}/hooks`);
  if (shopId === undefined) throw new Error("no shop");
  const worker = startWorker();
  await sleep(3_000);
  for (const { rate, count } of LATENCY) {
    const committed = new Map<string, number>();
    const begun = performance.now();
    for (let i = 0; i < count; i += 1) {
      await sleep(Math.max(0, begun + (i * 1000) / rate - performance.now()));
      void oweEvents(shopId, 1).then((id) => committed.set(id, performance.now()));
    }
    for (let i = 0; i < 200 && [...committed.keys()].some((id) => !arrived.has(id)); i += 1) await sleep(50);
    const took = [...committed].map(([id, at]) => (arrived.get(id) ?? Infinity) - at).sort((a, b) => a - b);
    const at = (share: number) => (took[Math.floor(took.length * share)] ?? 0).toFixed(1);
    say(`commit to receipt at ${rate}/s: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`);
  }
  await stopWorker(worker);
  server.closeAllConnections();
  server.close();
}

function startWorker(): ChildProcess {
  return spawn(process.execPath, ["app/worker/main.server.ts"], { stdio: "inherit" });
}

async function stopWorker(worker: ChildProcess): Promise<void> {
  const gone = once(worker, "exit");
  worker.kill("SIGTERM");
  await gone;
}
