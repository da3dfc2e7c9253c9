// What is counted, in Prometheus' words. Served by routes/metrics.ts.
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

export const registry = new Registry();
// Prometheus asks every few seconds: looking a hundred times a second at the event loop was half of an idle worker.
collectDefaultMetrics({ register: registry, prefix: "laurel_", eventLoopMonitoringPrecision: 100 });

const own = { registers: [registry] };

export const metrics = {
  webhooksIn: new Counter({
    ...own,
    name: "laurel_webhooks_in_total",
    help: "Shopify's webhooks, by topic and answer.",
    labelNames: ["topic", "status"],
  }),
  apiRequests: new Counter({
    ...own,
    name: "laurel_api_requests_total",
    help: "Requests to the REST API, by operation and answer.",
    labelNames: ["operation", "status"],
  }),
  pointsPosted: new Counter({
    ...own,
    name: "laurel_points_posted_total",
    help: "Points posted, by kind of ledger entry (absolute points).",
    labelNames: ["kind"],
  }),
  attempts: new Counter({
    ...own,
    name: "laurel_attempts_total",
    help: "HTTP attempts of deliveries, by outcome.",
    labelNames: ["outcome"],
  }),
  attemptSeconds: new Histogram({
    ...own,
    name: "laurel_attempt_seconds",
    help: "Duration of an attempt, seconds.",
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15],
  }),
  deliveries: new Gauge({
    ...own,
    name: "laurel_deliveries",
    help: "Deliveries not yet delivered, by state.",
    labelNames: ["state"],
  }),
  laneLagSeconds: new Gauge({
    ...own,
    name: "laurel_lane_lag_seconds",
    help: "Age of the oldest due delivery, seconds.",
  }),
  ledgerProofFaults: new Gauge({
    ...own,
    name: "laurel_ledger_proof_faults",
    help: "Members, lots and orders that contradict their entries, by the last nightly proof of every shop.",
  }),
  upkeepOldestSeconds: new Gauge({
    ...own,
    name: "laurel_upkeep_oldest_seconds",
    help: "Age of the shop's round of upkeep that is oldest, by chore, seconds.",
    labelNames: ["chore"],
  }),
};
