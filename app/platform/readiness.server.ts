// Whether this process can do its work, and how far sending is behind. Served by routes/ready.ts and routes/metrics.ts.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { prisma } from "./db.server.ts";
import { keepAnswer } from "./keep-answer.server.ts";
import { log } from "./log.server.ts";
import { queue } from "./queue.server.ts";

const ANSWER_WITHIN_MS = 2_000;

/** Whoever asks again within it is told the same: anybody may ask, and counting costs more the more is pending. */
export const GAUGES_KEPT_MS = 2_000;

const Gauges = z.array(
  z.object({
    due: z.coerce.number(),
    waiting: z.coerce.number(),
    held: z.coerce.number(),
    lagSeconds: z.number(),
  }),
);

/** Pending deliveries by what they wait for, and the age of the oldest due one in seconds. */
export type DeliveryGauges = z.output<typeof Gauges>[number];

/** `ready` asks for what the truth needs; a queue that is away costs time only, so it is told but refuses nothing. */
export type Readiness = {
  ready: boolean;
  database: boolean;
  migrations: boolean;
  queue: boolean;
  laneLagSeconds: number | null;
};

/**
 * Asks everything that this process stands on; a part that is silent for two seconds counts as away, and is not asked
 * again before it answered.
 */
export async function readiness(): Promise<Readiness> {
  const [missing, gauges, queueAnswers] = await Promise.all([
    answerOf("migrations", missingMigrations),
    answerOf("deliveries", deliveryGauges),
    answerOf("queue", queueCounts),
  ]);
  const migrations = missing?.length === 0;
  return {
    ready: missing !== undefined && migrations,
    database: missing !== undefined,
    migrations,
    queue: queueAnswers !== undefined,
    laneLagSeconds: gauges?.lagSeconds ?? null,
  };
}

/** Counts what is pending over all shops: one statement in two seconds, however often it is asked. */
export const deliveryGauges = keepAnswer(countPending, GAUGES_KEPT_MS);

const queueCounts = keepAnswer(async () => queue("lanes").getJobCounts("wait"), GAUGES_KEPT_MS);

async function countPending(): Promise<DeliveryGauges> {
  const rows = await prisma().$queryRaw`
    SELECT due, waiting, held, lag_seconds AS "lagSeconds" FROM delivery_gauges()`;
  const [gauges] = Gauges.parse(rows);
  return gauges ?? { due: 0, waiting: 0, held: 0, lagSeconds: 0 };
}

// A new version that starts before its migrations ran must not be sent traffic.
const missingMigrations = keepAnswer(findMissingMigrations, GAUGES_KEPT_MS);

async function findMissingMigrations(): Promise<string[]> {
  const folder = join(process.cwd(), "prisma", "migrations");
  const wanted = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const rows = await prisma().$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const applied = new Set(rows.map((row) => row.name));
  return wanted.map((entry) => entry.name).filter((name) => !applied.has(name));
}

async function answerOf<T>(part: string, ask: () => Promise<T>): Promise<T | undefined> {
  const asked = ask().catch((error: unknown) => {
    log.warn("readiness.refused", { part }, error);
    return undefined;
  });
  return Promise.race([asked, sleep(ANSWER_WITHIN_MS, undefined, { ref: false })]);
}
