// BullMQ: on PostgreSQL when REDIS_URL is unset, on Redis when it is set. It carries ids only; Postgres is the truth.
import {
  createPostgresBackend,
  Queue,
  Worker,
  type PostgresConnectionOptions,
  type Processor,
  type QueueOptions,
  type WorkerOptions,
} from "bullmq";
import pg from "pg";
import { z } from "zod";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { openRedis } from "./redis.server.ts";
import { onShutdown } from "./shutdown.server.ts";

/** Every job: its queue, the ids it carries, and how often it is tried again. */
export const JOBS = {
  /** A doorbell: this lane has work. Lost doorbells are found by the sweep, so they are never retried. */
  lane: { queue: "lanes", data: z.object({ subscriptionId: z.string() }), attempts: 1 },
  /** Settles every member's tier after the program was saved. */
  policy: { queue: "chores", data: z.object({ shopId: z.string() }), attempts: 8 },
} as const;

export type JobName = keyof typeof JOBS;
export type JobData<Name extends JobName> = z.output<(typeof JOBS)[Name]["data"]>;
export type QueueName = (typeof JOBS)[JobName]["queue"];

const POOL_SIZE = 8;
const LISTENERS_MAX = 50;
/** BullMQ is told of jobs; only after this long without one does a worker look by itself. Four queries a look. */
const LOOK_EVERY_S = 30;
const STALLED_MS = 30_000;
const KEPT_FAILED = 1_000;
/** BullMQ's own fifteen seconds would leave doorbells unheard for so long after PostgreSQL is back. */
const AFTER_FAILURE_MS = 1_000;

/** Braces keep all keys of a queue in one slot of a Cluster, which BullMQ's scripts need. */
const PREFIX = "{laurel}";

let pool: pg.Pool | undefined;

/** The pool below BullMQ's PostgreSQL backend. BullMQ keeps its tables in a schema of its own. */
function queuePool(): pg.Pool {
  if (pool !== undefined) return pool;
  const opened = new pg.Pool({
    connectionString: env().DATABASE_URL,
    max: POOL_SIZE,
    options: "-c search_path=bullmq,public",
    application_name: "laurel-queue",
  });
  opened.setMaxListeners(LISTENERS_MAX);
  opened.on("error", (error) => log.warn("queue.connection_lost", {}, error));
  pool = opened;
  onShutdown("queue pool", async () => {
    pool = undefined;
    await opened.end();
  });
  return opened;
}

const postgres = () => queuePool() as PostgresConnectionOptions;
const quiet = (error: Error) => log.warn("queue.failed", {}, error);
// BullMQ types a queue by its backend; what we use of it is the same on both.
type OpenQueue = Pick<Queue, "add" | "addBulk" | "close" | "getJobCounts" | "upsertJobScheduler">;
type OpenWorker = Pick<Worker, "close" | "isRunning">;

const queues = new Map<QueueName, OpenQueue>();

/** The queue `name`, opened once in a process. */
export function queue(name: QueueName): OpenQueue {
  const known = queues.get(name);
  if (known !== undefined) return known;
  const { REDIS_URL } = env();
  const options: Omit<QueueOptions, "connection"> = {
    defaultJobOptions: { removeOnComplete: true, removeOnFail: KEPT_FAILED },
  };
  const opened =
    REDIS_URL === undefined
      ? new Queue(name, { ...options, connection: postgres() }, createPostgresBackend)
      : new Queue(name, { ...options, prefix: PREFIX, connection: openRedis(REDIS_URL, "web") });
  void opened.on("error", quiet);
  queues.set(name, opened);
  onShutdown(`queue ${name}`, async () => {
    queues.delete(name);
    await opened.close();
  });
  return opened;
}

/** Adds a job. Ids only; `delayMs` in milliseconds. */
export async function addJob<Name extends JobName>(
  name: Name,
  data: JobData<Name>,
  delayMs = 0,
): Promise<void> {
  const { queue: queueName, attempts } = JOBS[name];
  await queue(queueName).add(name, data, {
    attempts,
    delay: delayMs,
    backoff: { type: "exponential", delay: 1_000 },
  });
}

/** A BullMQ worker on the queue `name`; the caller closes it. */
export function openWorker(
  name: QueueName,
  processor: Processor,
  asked: Pick<WorkerOptions, "concurrency">,
): OpenWorker {
  const { REDIS_URL } = env();
  const steady = { drainDelay: LOOK_EVERY_S, stalledInterval: STALLED_MS, runRetryDelay: AFTER_FAILURE_MS };
  const options = { ...asked, ...steady };
  const worker =
    REDIS_URL === undefined
      ? new Worker(name, processor, { ...options, connection: postgres() }, createPostgresBackend)
      : new Worker(name, processor, {
          ...options,
          prefix: PREFIX,
          connection: openRedis(REDIS_URL, "worker"),
        });
  worker.on("error", quiet);
  return worker;
}
