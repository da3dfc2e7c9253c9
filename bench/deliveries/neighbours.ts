// What others do to a healthy endpoint: endpoints that hang, a shop with a backlog, endpoints that are dead.
import { setTimeout as sleep } from "node:timers/promises";
import { openCommitter, quantile, waitsOf } from "./latency.ts";
import { letSend, makeShops, oweEvents } from "./shops.ts";
import type { Stage } from "./stage.ts";

const STARTED_MS = 3_000;
const HANGING = { shops: 6, each: 16, events: 2, rate: 100 };
const MANY = { shops: 50, each: 20, rate: 10 };
const LONE = { rate: 2, count: 10 };
const TAKEN_UP_MS = 300;

/** 96 endpoints that hang have two deliveries each ahead of `healthy` ones of another shop. */
export async function hanging(stage: Stage, healthy: number) {
  const dead = await makeShops("hangs", HANGING.shops, HANGING.each, `${stage.origin}/hangs`);
  const shops = await makeShops("beside", 1, 1, `${stage.origin}/timed`);
  const worker = stage.startWorker();
  const committer = openCommitter();
  await sleep(STARTED_MS);
  for (const shopId of dead) await oweEvents(shopId, HANGING.events);
  await sleep(TAKEN_UP_MS);
  const committed = await committer.commit({ shops, rate: HANGING.rate, count: healthy });
  const waits = await waitsOf(stage, committed, () => ["/timed"]);
  await committer.close();
  await worker.stop();
  return { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) };
}

/** One shop has `waiting` deliveries; meanwhile another sends one now and then. */
export async function backlog(stage: Stage, waiting: number) {
  const busy = await makeShops("busy", 1, 1, `${stage.origin}/healthy`);
  const shops = await makeShops("lone", 1, 1, `${stage.origin}/timed`);
  await letSend(busy, false);
  for (const shopId of busy) await oweEvents(shopId, waiting);
  const worker = stage.startWorker();
  const committer = openCommitter();
  await sleep(STARTED_MS);
  await committer.commit({ shops, ...LONE });
  await letSend(busy, true);
  const before = await stage.received();
  const committed = await committer.commit({ shops, ...LONE });
  const waits = await waitsOf(stage, committed, () => ["/timed"]);
  const drained = (await stage.received()) - before;
  await committer.close();
  await worker.stop();
  return { p50: quantile(waits, 0.5), slowest: quantile(waits, 1), left: waiting - drained };
}

/** 1,000 subscriptions, all healthy, then half of them dead; the healthy ones' waits in both. */
export async function halfDead(stage: Stage, commits: number) {
  const shops = await makeShops("many", MANY.shops, MANY.each, (n) => `${stage.origin}/timed/${n}`);
  const worker = stage.startWorker();
  const committer = openCommitter();
  await sleep(STARTED_MS);
  const everyone = Array.from({ length: MANY.each }, (_, n) => `/timed/${n}`);
  const measure = async (paths: readonly string[]) => {
    await committer.commit({ shops, rate: MANY.rate, count: MANY.shops });
    const committed = await committer.commit({ shops, rate: MANY.rate, count: commits });
    return quantile(await waitsOf(stage, committed, () => paths), 0.99);
  };
  const healthy = await measure(everyone);
  await stage.sql(
    `UPDATE subscription SET url = replace(url, '/timed/', '/dead/'), revision = revision + 1
     WHERE url ~ '/timed/[0-9]$'`,
  );
  const beside = await measure(everyone.slice(MANY.each / 2));
  await committer.close();
  await worker.stop();
  return { healthy, beside, times: beside / healthy };
}
