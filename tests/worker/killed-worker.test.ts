// Real worker processes, on both queues: what one that is killed had taken, another delivers; a stop loses nothing.
import { describe, expect, test } from "vitest";
import "../support/alone.ts";
import { backEnd, redisOfThisFile } from "../support/both-queues.ts";
import { startReceiver } from "../support/receiver.ts";
import { runNode } from "../support/run-node.ts";
import type { NodeProcess } from "../support/run-node.ts";
import { eventually, growthShop, owe, statesOf, subscribe } from "../webhooks/shop-with-endpoint.ts";

const DEADLINE_MS = 1_000;
const RECOVERY_MS = DEADLINE_MS + 15_000;

function startWorker(deadlineMs = DEADLINE_MS): NodeProcess {
  const own = { WEBHOOK_DEADLINE_MS: String(deadlineMs), WEBHOOK_RETRY_SCHEDULE_S: "1,1,1" };
  return runNode(["app/worker/main.server.ts"], { env: { ...own, LOG_LEVEL: "info" } });
}

describe(`with BullMQ on ${backEnd()}`, () => {
  test("a worker killed while it sends loses nothing; doubles are only what was in flight", async () => {
    const [shopId, receiver] = [await growthShop(), await startReceiver()];
    await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 200, afterMs: 30 });
    const total = 600;
    // Another is there already: how long a machine takes to start one is not what is promised.
    const [first, other] = [startWorker(), startWorker()];
    await Promise.all([first.line("worker.started"), other.line("worker.started")]);
    await owe(shopId, total);
    await receiver.waitFor(150);
    await first.kill("SIGKILL");
    const killed = performance.now();
    const all = { delivered: total };
    await eventually(async () => expect(await statesOf(shopId)).toEqual(all), RECOVERY_MS + 5_000);
    expect(performance.now() - killed).toBeLessThan(RECOVERY_MS);
    const received = receiver.received.map(({ headers }) => String(headers["webhook-id"]));
    expect(new Set(received).size).toBe(total);
    // At the kill one window was under way, and a few answers were not yet settled.
    expect(received.length - total).toBeLessThanOrEqual(96);
    await receiver.close();
  }, 120_000);

  test("a worker told to stop finishes and exits 0; two of them share a lane without doubles", async () => {
    const [shopId, receiver] = [await growthShop(), await startReceiver()];
    await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 200, afterMs: 20 });
    const [one, two] = [startWorker(15_000), startWorker(15_000)];
    // Until then a signal ends it where it stands, as it ends any process.
    await Promise.all([one.line("worker.started"), two.line("worker.started")]);
    await owe(shopId, 300);
    await receiver.waitFor(50);
    expect(await one.kill("SIGTERM")).toBe(0);
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 300 }));
    expect(receiver.received).toHaveLength(300);
    expect(await two.kill("SIGTERM")).toBe(0);
    await receiver.close();
  }, 120_000);

  test("the doorbell is heard at once", async () => {
    const [shopId, receiver] = [await growthShop(), await startReceiver()];
    await subscribe(shopId, receiver.url);
    startWorker();
    await owe(shopId, 1);
    await receiver.waitFor(1);
    const took: number[] = [];
    for (let i = 2; i <= 12; i += 1) {
      const from = performance.now();
      await owe(shopId, 1);
      await receiver.waitFor(i);
      took.push(performance.now() - from);
    }
    // Far below the sweep's five seconds: it was the bell.
    expect(took.sort((a, b) => a - b)[5]).toBeLessThan(500);
    await receiver.close();
  }, 120_000);

  if (backEnd() === "redis")
    test("without Redis deliveries go out all the same, and its return needs nobody's hand", async () => {
      const [shopId, receiver] = [await growthShop(), await startReceiver()];
      await subscribe(shopId, receiver.url);
      startWorker();
      await owe(shopId, 1);
      await receiver.waitFor(1);
      await redisOfThisFile()?.kill();
      await owe(shopId, 20);
      await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 21 }));
      await redisOfThisFile()?.start();
      await owe(shopId, 20);
      await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 41 }));
      await receiver.close();
    }, 120_000);
});
