// What every scenario of the delivery bench plays on: PostgreSQL, Redis where asked, the merchants' receiver, workers;
// the app's own environment is set to them.
import { fork, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { migrateDatabase } from "../../server/migrate-database.ts";
import { removePostgres, startPostgres } from "../../server/postgres.ts";
import { startRedis } from "../../tests/support/redis.ts";
import { setEnvironment } from "../environment.ts";
import type { Ask, Told } from "./receiver.ts";

export type BackEnd = "postgres" | "redis";
export type RunningWorker = { pid: number; stop: () => Promise<void> };
export type Stage = {
  backEnd: BackEnd;
  /** The receiver's origin, and what it is asked. */
  origin: string;
  receiverPid: number;
  received: () => Promise<number>;
  arrivals: () => Promise<Map<string, number>>;
  forget: () => void;
  /** The postmaster. */
  postgresPid: number;
  /** Sees every shop. */
  sql: <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
  startWorker: (more?: Record<string, string>) => RunningWorker;
};

/** Sets a stage, plays on it, and clears everything away; the database stays in `kept`, where that is given. */
export async function onStage<Played>(
  backEnd: BackEnd,
  play: (stage: Stage) => Promise<Played>,
  kept?: string,
): Promise<Played> {
  const folder = kept ?? mkdtempSync(join(tmpdir(), "laurel-bench-"));
  const postgres = await startPostgres({ dataDir: folder });
  const redis = backEnd === "redis" ? await startRedis() : null;
  const receiver = await openReceiver();
  const client = new pg.Client({ connectionString: postgres.url });
  const workers = new Set<RunningWorker>();
  const startWorker = (more: Record<string, string> = {}) => {
    const worker = launchWorker(more);
    workers.add(worker);
    return worker;
  };
  try {
    await migrateDatabase(postgres.url);
    setEnvironment(postgres.url, redis?.url);
    await client.connect();
    await client.query("SELECT set_config('laurel.shop_id', '*', false)");
    const sql = async <Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
      (await client.query<Row>(text, values)).rows;
    return await play({ backEnd, ...receiver.stage, postgresPid: postgres.pid, sql, startWorker });
  } finally {
    for (const worker of workers) await worker.stop();
    const { shutdown } = await import("../../app/platform/shutdown.server.ts");
    await shutdown();
    await client.end();
    receiver.process.kill();
    await redis?.stop();
    await postgres.stop();
    if (kept === undefined) {
      await removePostgres(folder);
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

async function openReceiver() {
  const child = fork(join(import.meta.dirname, "receiver.ts"));
  const told = async () => ((await once(child, "message")) as [Told])[0];
  const ask = async (what: Ask) => {
    const answer = told();
    child.send(what);
    return answer;
  };
  const first = await told();
  const stage = {
    origin: `http://127.0.0.1:${"port" in first ? first.port : 0}`,
    receiverPid: child.pid ?? 0,
    received: async () => {
      const answer = await ask("count");
      return "count" in answer ? answer.count : 0;
    },
    arrivals: async () => {
      const answer = await ask("arrivals");
      return new Map("arrivals" in answer ? answer.arrivals : []);
    },
    forget: () => void child.send("forget" satisfies Ask),
  };
  return { process: child, stage };
}

// BENCH_WORKER_FLAGS: flags of Node for the worker, as --cpu-prof.
function launchWorker(more: Record<string, string>): RunningWorker {
  const flags = (process.env["BENCH_WORKER_FLAGS"] ?? "").split(" ").filter((flag) => flag !== "");
  const child: ChildProcess = spawn(process.execPath, [...flags, "app/worker/main.server.ts"], {
    stdio: "inherit",
    env: { ...process.env, ...more },
  });
  return {
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.kill("SIGTERM");
      await gone;
    },
  };
}
