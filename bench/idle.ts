// `npm run bench -- idle`: what a worker costs that has nothing to do, on both back ends of the queue: statements that
// PostgreSQL ran for it, and its processor time, over a minute.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { migrateDatabase } from "../server/migrate-database.ts";
import { removePostgres, startPostgres } from "../server/postgres.ts";
import { asSuperuser } from "../server/postgres/cluster.ts";
import { openSecrets } from "../server/postgres/secrets.ts";
import { hasRedis, startRedis } from "../tests/support/redis.ts";
import { setEnvironment } from "./environment.ts";

const SHOPS = 10;
const SUBSCRIPTIONS_EACH = 5;
/** The first housekeeping plans the upkeep, which then runs once for every shop. */
const SETTLED_AFTER_MS = Number(process.env["BENCH_SETTLE_MS"] ?? 120_000);
const MEASURED_MS = 60_000;
/** Of /proc: Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100;
const STATEMENTS_SHOWN = 8;

const say = (text: string) => process.stdout.write(`${text}\n`);

/** Each back end in a process of its own, since the app reads its environment once. */
export async function benchIdle(): Promise<void> {
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
  const flags = { shared_preload_libraries: "pg_stat_statements" };
  const postgres = await startPostgres({ dataDir: folder, flags });
  const redis = backEnd === "redis" ? await startRedis() : null;
  try {
    await migrateDatabase(postgres.url);
    setEnvironment(postgres.url, redis?.url);
    const { makeShops } = await import("./deliveries/shops.ts");
    await makeShops("idle", SHOPS, SUBSCRIPTIONS_EACH, "http://127.0.0.1:9/");
    const { shutdown } = await import("../app/platform/shutdown.server.ts");
    await shutdown();
    say(`\nBullMQ on ${backEnd}`);
    const secrets = await openSecrets(folder);
    await asSuperuser(postgres.port, secrets, measureIdle);
  } finally {
    await redis?.stop();
    await removePostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIdle(client: pg.Client): Promise<void> {
  await client.query("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
  const worker = spawn(process.execPath, ["app/worker/main.server.ts"], { stdio: "inherit" });
  await sleep(SETTLED_AFTER_MS);
  await client.query("SELECT pg_stat_statements_reset()");
  const before = processorSeconds(worker.pid);
  await sleep(MEASURED_MS);
  const seconds = processorSeconds(worker.pid) - before;
  const { rows } = await client.query<{ calls: number; query: string }>(`
    SELECT calls::int, query FROM pg_stat_statements
     WHERE userid = 'laurel'::regrole ORDER BY calls DESC`);
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const perSecond = (calls / MEASURED_MS) * 1000;
  const percent = (seconds / MEASURED_MS) * 100_000;
  say(
    `idle worker: ${perSecond.toFixed(2)} queries/s, ${percent.toFixed(2)} % CPU over ${MEASURED_MS / 1000} s`,
  );
  for (const { calls: times, query } of rows.slice(0, STATEMENTS_SHOWN))
    say(`  ${String(times).padStart(4)} × ${query.replaceAll(/\s+/g, " ").slice(0, 100)}`);
  const gone = once(worker, "exit");
  worker.kill("SIGTERM");
  await gone;
}

function processorSeconds(pid: number | undefined): number {
  // The fields after the program's name, which may hold spaces: user and system time are the 12th and 13th.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
