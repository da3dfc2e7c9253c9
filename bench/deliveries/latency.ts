// Commit to receipt: how long after its COMMIT returned an event reaches the endpoint. Worker, committer and receiver
// are three processes, and all their clocks are this machine's.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ShopId } from "../../app/loyalty/ids.ts";
import type { Committed, Order, Told } from "./committer.ts";
import { makeShops } from "./shops.ts";
import type { Stage } from "./stage.ts";

const STARTED_MS = 3_000;
const WARM_UP = { rate: 30, count: 150 };
const ARRIVED_WITHIN_MS = 20_000;
const POLL_MS = 100;

/** Starts the committing process; `commit` resolves when all has been committed. */
export function openCommitter() {
  const child = fork(join(import.meta.dirname, "committer.ts"));
  return {
    commit: async (order: Order): Promise<Committed[]> => {
      const answer = once(child, "message");
      child.send(order);
      const { committed, failed } = ((await answer) as [Told])[0];
      if (failed > 0) process.stdout.write(`  ${failed} of ${order.count} commits failed\n`);
      return committed;
    },
    close: async () => {
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}

/** Milliseconds from each commit to the arrival at each path, sorted; Infinity for what does not come. */
export async function waitsOf(
  stage: Stage,
  committed: readonly Committed[],
  pathsOf: (shop: string) => readonly string[],
): Promise<number[]> {
  const wanted = committed.flatMap(({ id, shop, at }) =>
    pathsOf(shop).map((path) => ({ key: `${path} ${id}`, at })),
  );
  const end = performance.now() + ARRIVED_WITHIN_MS;
  for (;;) {
    const arrivals = await stage.arrivals();
    if (wanted.every(({ key }) => arrivals.has(key)) || performance.now() > end) {
      return wanted.map(({ key, at }) => (arrivals.get(key) ?? Infinity) - at).sort((a, b) => a - b);
    }
    await sleep(POLL_MS);
  }
}

export const quantile = (sorted: readonly number[], share: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Quantiles at a rate of so many commits a second. */
export async function latency(stage: Stage, { rate, count }: { rate: number; count: number }) {
  const shops: ShopId[] = await makeShops(`latency-${rate}`, 1, 1, `${stage.origin}/timed`);
  const worker = stage.startWorker();
  const committer = openCommitter();
  await sleep(STARTED_MS);
  await committer.commit({ shops, ...WARM_UP });
  const committed = await committer.commit({ shops, rate, count });
  const waits = await waitsOf(stage, committed, () => ["/timed"]);
  await committer.close();
  await worker.stop();
  return { p50: quantile(waits, 0.5), p95: quantile(waits, 0.95), p99: quantile(waits, 0.99) };
}
