// Drain: how fast what waits goes out, beside a bare POST loop and beside one BullMQ job for each delivery.
import { setTimeout as sleep } from "node:timers/promises";
import { Pool } from "undici";
import { measure } from "../figures.ts";
import { letSend, makeShops, oweEvents } from "./shops.ts";
import { plainWay } from "./plain-way.ts";
import { cpuOf, cpuOfFamily } from "./processes.ts";
import type { Stage } from "./stage.ts";

/** One for each of the two processors that the targets are set for. */
export const WORKERS = 2;
const SHOPS = 10;
const SUBSCRIPTIONS_EACH = 5;
const BARE_AT_ONCE = 64;
const BODY = "x".repeat(700);
const PLAIN = 500;
/** Until then it is Node that is measured, compiling what it runs. */
const WARM_UP = 10_000;
/** Each look costs what is measured a little. */
const POLL_MS = 40;
const STARTED_MS = 3_000;

/** Deliveries a second, also of one worker alone, CPU in ms for each, and the shares of the two other ways. */
export async function drain(stage: Stage, deliveries: number): Promise<Record<string, number>> {
  const bare = await barePosts(stage.origin, deliveries);
  const ours = await drainShops(stage, "drain", deliveries, WORKERS);
  const { drain: alone } = await drainShops(stage, "alone", deliveries, 1);
  const shops = await makeShops("plain", SHOPS, SUBSCRIPTIONS_EACH, `${stage.origin}/healthy`);
  for (const shopId of shops) await oweEvents(shopId, PLAIN / SHOPS / SUBSCRIPTIONS_EACH);
  const plain = await plainWay(shops, `${stage.origin}/healthy`);
  return { ...ours, alone, bare, ofBare: ours["drain"] / bare, plain, timesPlain: ours["drain"] / plain };
}

/**
 * Owes so many deliveries over fifty subscriptions of ten shops, lets them go, and waits until so many workers have sent
 * and settled all.
 */
export async function drainShops(stage: Stage, prefix: string, deliveries: number, count: number) {
  const shops = await makeShops(prefix, SHOPS, SUBSCRIPTIONS_EACH, `${stage.origin}/healthy`);
  const [warm = shops[0]] = await makeShops(
    `${prefix}-warm`,
    1,
    SUBSCRIPTIONS_EACH,
    `${stage.origin}/healthy`,
  );
  await letSend(shops, false);
  for (const shopId of shops) await oweEvents(shopId, deliveries / SHOPS / SUBSCRIPTIONS_EACH);
  const workers = Array.from({ length: count }, () => stage.startWorker());
  await sleep(STARTED_MS);
  stage.forget();
  if (warm !== undefined) await oweEvents(warm, WARM_UP / SUBSCRIPTIONS_EACH);
  await settled(stage, WARM_UP);
  stage.forget();
  const cpuOfWorkers = () => workers.reduce((sum, { pid }) => sum + cpuOf(pid), 0);
  const costs = () => [cpuOfWorkers(), cpuOfFamily(stage.postgresPid), cpuOf(stage.receiverPid)];
  await letSend(shops, true);
  // From here on nothing is committed: what went out while the last shops were let go does not count.
  const measured = deliveries - (await stage.received());
  const before = costs();
  const started = performance.now();
  await settled(stage, deliveries);
  const seconds = (performance.now() - started) / 1000;
  const after = costs();
  const kept =
    "SELECT count(*)::int AS kept FROM attempt t JOIN delivery d USING (delivery_id) WHERE t.shop_id LIKE $1";
  const [row] = await stage.sql<{ kept: number }>(kept, [`${prefix}-%`]);
  if (row?.kept !== deliveries + WARM_UP)
    throw new Error(`${row?.kept} attempts for ${deliveries + WARM_UP}`);
  const [workerMs = 0, postgresMs = 0, receiverMs = 0] = after.map(
    (ms, i) => (ms - (before[i] ?? 0)) / measured,
  );
  await Promise.all(workers.map((worker) => worker.stop()));
  return { drain: measured / seconds, workerMs, postgresMs, receiverMs };
}

/** Waits until so many deliveries have come to the receiver since it forgot, and none is held by a worker. */
export async function settled(stage: Stage, deliveries: number): Promise<void> {
  while ((await stage.received()) < deliveries) await sleep(POLL_MS);
  const held = "SELECT count(*)::int AS held FROM owed WHERE leased_until > now()";
  while (((await stage.sql<{ held: number }>(held))[0]?.held ?? 0) > 0) await sleep(POLL_MS);
}

async function barePosts(origin: string, posts: number): Promise<number> {
  const pool = new Pool(origin, { connections: BARE_AT_ONCE });
  const post = async () => {
    const answer = await pool.request({ path: "/healthy", method: "POST", body: BODY });
    await answer.body.dump();
  };
  await measure(WARM_UP, BARE_AT_ONCE, post);
  const { perSecond } = await measure(posts, BARE_AT_ONCE, post);
  await pool.close();
  return perSecond;
}
