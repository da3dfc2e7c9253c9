// A worker that is told to stop while something else of it takes long: it takes no more deliveries meanwhile.
import pg from "pg";
import { expect, test } from "vitest";
import { addJob } from "../../app/platform/queue.server.ts";
import "../support/alone.ts";
import { testDatabase } from "../support/database.ts";
import { startReceiver } from "../support/receiver.ts";
import { runNode } from "../support/run-node.ts";
import { eventually, growthShop, owe, statesOf, subscribe } from "../webhooks/shop-with-endpoint.ts";

test("a chore under way keeps it alive, and lets no delivery begin", async () => {
  const [shopId, receiver] = [await growthShop(), await startReceiver()];
  await subscribe(shopId, receiver.url);
  const worker = runNode(["app/worker/main.server.ts"], { env: { LOG_LEVEL: "info" } });
  await worker.line("worker.started");
  await owe(shopId, 3);
  await receiver.waitFor(3);
  const locker = new pg.Client({ connectionString: testDatabase().url });
  await locker.connect();
  await locker.query("BEGIN; LOCK TABLE program IN ACCESS EXCLUSIVE MODE");
  await addJob("policy", { shopId });
  await eventually(async () => {
    const waiting = await testDatabase().query(`SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    expect(waiting.length).toBeGreaterThan(0);
  });
  const ended = worker.kill("SIGTERM");
  await worker.line("worker.stopping");
  await owe(shopId, 3);
  // The sweep would have come as well.
  await new Promise((later) => setTimeout(later, 6_500));
  expect(await statesOf(shopId)).toEqual({ delivered: 3, pending: 3 });
  await locker.query("COMMIT");
  await locker.end();
  expect(await ended).toBe(0);
  expect(receiver.received).toHaveLength(3);
  await receiver.close();
}, 120_000);
