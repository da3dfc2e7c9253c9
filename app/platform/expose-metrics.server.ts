// The page that Prometheus reads, and who may read it.
import { createHash, timingSafeEqual } from "node:crypto";
import { env } from "./env.server.ts";
import { keepAnswer } from "./keep-answer.server.ts";
import { log } from "./log.server.ts";
import { metrics, registry } from "./metrics.server.ts";
import { deliveryGauges, GAUGES_KEPT_MS } from "./readiness.server.ts";
import { upkeepGauges } from "./upkeep.server.ts";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether the port that everybody reaches serves metrics: in production only where METRICS_TOKEN guards them. */
export function servesMetrics(): boolean {
  const { METRICS_TOKEN, NODE_ENV } = env();
  return METRICS_TOKEN !== undefined || NODE_ENV !== "production";
}

/** Whether a request with this Authorization header may read the metrics: anybody, unless METRICS_TOKEN is set. */
export function mayReadMetrics(authorization: string | null): boolean {
  const { METRICS_TOKEN } = env();
  if (METRICS_TOKEN === undefined) return true;
  return timingSafeEqual(digest(authorization ?? ""), digest(`Bearer ${METRICS_TOKEN}`));
}

const OF_THE_DATABASE = [
  metrics.deliveries,
  metrics.laneLagSeconds,
  metrics.ledgerProofFaults,
  metrics.upkeepOldestSeconds,
];

/** Everything counted by this process, and the gauges of the database, as text. The former also when it is away. */
export async function exposeMetrics(): Promise<{ body: string; contentType: string }> {
  try {
    await readGauges();
  } catch (error) {
    for (const gauge of OF_THE_DATABASE) gauge.reset();
    log.warn("metrics.database_silent", {}, error);
  }
  return { body: await registry.metrics(), contentType: registry.contentType };
}

const upkeepKept = keepAnswer(async () => upkeepGauges(), GAUGES_KEPT_MS);

async function readGauges(): Promise<void> {
  const [{ due, waiting, held, lagSeconds }, upkeep] = await Promise.all([deliveryGauges(), upkeepKept()]);
  for (const [state, count] of Object.entries({ due, waiting, held }))
    metrics.deliveries.set({ state }, count);
  metrics.laneLagSeconds.set(lagSeconds);
  for (const { chore, found, oldestSeconds } of upkeep) {
    metrics.upkeepOldestSeconds.set({ chore }, oldestSeconds);
    if (chore === "ledger") metrics.ledgerProofFaults.set(found);
  }
}
