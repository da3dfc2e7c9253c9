// What time does to the engine: memory over a long run, and a history of old deliveries in the tables.
import { setTimeout as sleep } from "node:timers/promises";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { WORKERS, drainShops, settled } from "./drain.ts";
import { quantile } from "./latency.ts";
import { memoryOf } from "./processes.ts";
import { makeShops, oweEvents } from "./shops.ts";
import type { Stage } from "./stage.ts";

const STARTED_MS = 3_000;
const SHOPS = 10;
const SUBSCRIPTIONS_EACH = 5;
/** Events of one commit. */
const COMMITTED = 200;
/** So many deliveries wait at the most: the worker always has work, and the lanes never grow. */
const WAITING = 10_000;
const LOOK_MS = 20;
const SAMPLE_MS = 250;
const DRAINED = 20_000;

/**
 * Sends so many deliveries with one worker, beside the commits that owe them; its memory in the second and in the last
 * quarter of the run (MiB), and how fast they went.
 */
export async function memory(stage: Stage, deliveries: number) {
  const shops = await makeShops("memory", SHOPS, SUBSCRIPTIONS_EACH, `${stage.origin}/healthy`);
  const worker = stage.startWorker();
  await sleep(STARTED_MS);
  const samples: number[] = [];
  const sampling = setInterval(() => samples.push(memoryOf(worker.pid)), SAMPLE_MS);
  const started = performance.now();
  const ofOneCommit = COMMITTED * SUBSCRIPTIONS_EACH;
  for (let owed = 0, turn = 0; owed < deliveries; owed += ofOneCommit, turn += 1) {
    while (owed - (await stage.received()) > WAITING) await sleep(LOOK_MS);
    await oweEvents(shops[turn % SHOPS] as ShopId, COMMITTED);
  }
  await settled(stage, deliveries);
  const seconds = (performance.now() - started) / 1000;
  clearInterval(sampling);
  await worker.stop();
  const quarter = Math.floor(samples.length / 4);
  const [early, late] = [middle(samples.slice(quarter, 2 * quarter)), middle(samples.slice(-quarter))];
  return { early, late, growth: late / early, rate: deliveries / seconds };
}

const middle = (some: readonly number[]) =>
  quantile(
    [...some].sort((a, b) => a - b),
    0.5,
  );

/** Drains beside so many old deliveries, with their events and attempts, written unless they are there. */
export async function drainBeside(stage: Stage, deliveries: number): Promise<Record<string, number>> {
  const [row] = await stage.sql<{ known: boolean }>("SELECT EXISTS (SELECT FROM delivery) AS known");
  if (deliveries > 0 && row?.known === false) await writeHistory(stage, deliveries);
  return drainShops(stage, `beside-${process.pid}`, DRAINED, WORKERS);
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
  // As a table of that age would be, and so that no autovacuum falls into the drain.
  for (const table of ["event", "delivery", "attempt"]) await stage.sql(`VACUUM ANALYZE ${table}`);
}
