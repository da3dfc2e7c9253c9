// What time does to the engine: memory over a long run, and a history of old deliveries in the tables.
import { setTimeout as sleep } from "node:timers/promises";
import { drainShops, settled } from "./drain.ts";
import { quantile } from "./latency.ts";
import { memoryOf } from "./processes.ts";
import { makeShops, oweEvents } from "./shops.ts";
import type { Stage } from "./stage.ts";

const STARTED_MS = 3_000;
const CHUNK = 10_000;
const SUBSCRIPTIONS = 5;
const SAMPLE_MS = 250;
const DRAINED = 20_000;

/** Sends so many deliveries with one worker; its memory in the second and in the last quarter of the run (MiB). */
export async function memory(stage: Stage, deliveries: number) {
  const [shopId] = await makeShops("memory", 1, SUBSCRIPTIONS, `${stage.origin}/healthy`);
  if (shopId === undefined) throw new Error("no shop");
  const worker = stage.startWorker();
  await sleep(STARTED_MS);
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(memoryOf(worker.pid)), SAMPLE_MS);
  for (let sent = CHUNK; sent <= deliveries; sent += CHUNK) {
    await oweEvents(shopId, CHUNK / SUBSCRIPTIONS);
    await settled(stage, sent);
  }
  clearInterval(sampling);
  await worker.stop();
  const quarter = Math.floor(samples.length / 4);
  const middle = (some: number[]) =>
    quantile(
      [...some].sort((a, b) => a - b),
      0.5,
    );
  const [early, late] = [middle(samples.slice(quarter, 2 * quarter)), middle(samples.slice(-quarter))];
  return { early, late, growth: late / early };
}

/** Drains before and after so many old deliveries, with their events and attempts, were written into the tables. */
export async function old(stage: Stage, deliveries: number) {
  await drainShops(stage, "warm", DRAINED / 4, 1);
  const before = await drainShops(stage, "before", DRAINED, 1);
  await writeHistory(stage, deliveries);
  const after = await drainShops(stage, "after", DRAINED, 1);
  const cpu = (figures: typeof before) => figures.workerMs + figures.postgresMs;
  return {
    before: before.drain,
    after: after.drain,
    change: after.drain / before.drain,
    cpuBefore: cpu(before),
    cpuAfter: cpu(after),
    cpuChange: cpu(after) / cpu(before),
  };
}

async function writeHistory(stage: Stage, deliveries: number): Promise<void> {
  await makeShops("history", 1, 1, `${stage.origin}/healthy`);
  const lane = "(SELECT subscription_id FROM subscription WHERE shop_id = 'history-0.myshopify.com')";
  const numbered = "FROM generate_series(1, $1::int) n";
  await stage.sql(
    `INSERT INTO event (event_id, shop_id, type, sequence, body, occurred_at, recorded_at)
     SELECT 'evt_' || md5(n::text), 'history-0.myshopify.com', 'order.recorded', 0, repeat('x', 600), now() - interval '20 days',
       now() - interval '20 days' ${numbered}`,
    [deliveries],
  );
  await stage.sql(
    `INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, state, attempts, step, claims,
       due_at, last_status, created_at, settled_at)
     SELECT 'dlv_' || md5(n::text), 'history-0.myshopify.com', ${lane}, 'evt_' || md5(n::text), 'order.recorded', 'delivered',
       1, 1, 1, now() - interval '20 days', 200, now() - interval '20 days', now() - interval '20 days' ${numbered}`,
    [deliveries],
  );
  await stage.sql(
    `INSERT INTO attempt (shop_id, delivery_id, number, subscription_id, started_at, duration_ms, status, answer)
     SELECT 'history-0.myshopify.com', 'dlv_' || md5(n::text), 1, ${lane}, now() - interval '20 days', 3, 200, 'ok' ${numbered}`,
    [deliveries],
  );
}
