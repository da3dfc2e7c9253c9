// Drain: how fast what waits goes out, beside a bare POST loop and beside one BullMQ job for each delivery.
import { setTimeout as sleep } from "node:timers/promises";
import { barePosts } from "./bare-posts.ts";
import { letSend, makeShops, oweEvents } from "./shops.ts";
import { plainWay } from "./plain-way.ts";
import { cpuOf, cpuOfFamily } from "./processes.ts";
import type { Stage } from "./stage.ts";

/** One for each of the two processors that the targets are set for. */
export const WORKERS = 2;
const SHOPS = 10;
const SUBSCRIPTIONS_EACH = 5;
/** The bare loop is about four times as fast and runs as long: half of it before what it is compared with, half after. */
const BARE_TIMES = 4;
const PLAIN = 500;
/** What each process sends before it is measured: until then V8 compiles what it runs, on the processors that are measured. */
const WARM_UP = 40_000;
/** Each look costs what is measured a little. */
const POLL_MS = 40;
const STARTED_MS = 3_000;

/**
 * Deliveries a second, warm and cold, also of one worker alone, CPU in ms for each, and the shares of the two other ways.
 * The machine's speed changes within seconds: the bare loop is measured before and after, for as long as the drain takes.
 */
export async function drain(stage: Stage, deliveries: number): Promise<Record<string, number>> {
  const bareHalf = { posts: (deliveries * BARE_TIMES) / 2, warmUp: WARM_UP };
  const before = await barePosts(stage.origin, bareHalf);
  const ours = await drainShops(stage, "drain", deliveries, WORKERS);
  const after = await barePosts(stage.origin, bareHalf);
  const bare = (before + after) / 2;
  const { drain: alone } = await drainShops(stage, "alone", deliveries, 1);
  const shops = await makeShops("plain", SHOPS, SUBSCRIPTIONS_EACH, `${stage.origin}/healthy`);
  for (const shopId of shops) await oweEvents(shopId, PLAIN / SHOPS / SUBSCRIPTIONS_EACH);
  const plain = await plainWay(shops, `${stage.origin}/healthy`);
  return { ...ours, alone, bare, ofBare: ours["drain"] / bare, plain, timesPlain: ours["drain"] / plain };
}

/**
 * Owes what warms so many workers up and so many deliveries behind it, over fifty subscriptions of ten shops, lets them
 * go, and waits until the workers have sent and settled all. Deliveries a second: `drain` of the last so many, `cold` of
 * the first so many; and milliseconds of processor time for each of the last.
 */
export async function drainShops(stage: Stage, prefix: string, deliveries: number, count: number) {
  const warmUp = WARM_UP * count;
  const all = warmUp + deliveries;
  const shops = await makeShops(prefix, SHOPS, SUBSCRIPTIONS_EACH, `${stage.origin}/healthy`);
  await letSend(shops, false);
  for (const shopId of shops) await oweEvents(shopId, all / SHOPS / SUBSCRIPTIONS_EACH);
  const workers = Array.from({ length: count }, () => stage.startWorker());
  await sleep(STARTED_MS);
  stage.forget();
  await letSend(shops, true);
  // From here on nothing is committed: what went out while the last shops were let go does not count.
  const look = async () => ({
    at: performance.now(),
    sent: await stage.received(),
    cpu: [
      workers.reduce((sum, { pid }) => sum + cpuOf(pid), 0),
      cpuOfFamily(stage.postgresPid),
      cpuOf(stage.receiverPid),
    ],
  });
  const first = await look();
  await sent(stage, first.sent + deliveries);
  const later = await look();
  await sent(stage, warmUp);
  const warm = await look();
  await settled(stage, all);
  const last = await look();
  const kept = "SELECT count(*)::int AS kept FROM attempt WHERE shop_id LIKE $1";
  const [row] = await stage.sql<{ kept: number }>(kept, [`${prefix}-%`]);
  if (row?.kept !== all) throw new Error(`${row?.kept} attempts for ${all}`);
  const [workerMs = 0, postgresMs = 0, receiverMs = 0] = last.cpu.map(
    (ms, i) => (ms - (warm.cpu[i] ?? 0)) / (last.sent - warm.sent),
  );
  await Promise.all(workers.map((worker) => worker.stop()));
  return { drain: perSecond(warm, last), cold: perSecond(first, later), workerMs, postgresMs, receiverMs };
}

type Look = { at: number; sent: number };
const perSecond = (from: Look, to: Look) => ((to.sent - from.sent) / (to.at - from.at)) * 1000;

async function sent(stage: Stage, deliveries: number): Promise<void> {
  while ((await stage.received()) < deliveries) await sleep(POLL_MS);
}

/** Waits until so many deliveries have come to the receiver since it forgot, and none is held by a worker. */
export async function settled(stage: Stage, deliveries: number): Promise<void> {
  await sent(stage, deliveries);
  const held = "SELECT count(*)::int AS held FROM owed WHERE leased_until > now()";
  while (((await stage.sql<{ held: number }>(held))[0]?.held ?? 0) > 0) await sleep(POLL_MS);
}
