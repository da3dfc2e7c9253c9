// Below BullMQ: a Redis that Sentinel watches, and a Redis Cluster, by nothing but the form of REDIS_URL.
import { Redis } from "ioredis";
import { afterEach, expect, test } from "vitest";
import { freePort } from "../../server/postgres/secrets.ts";
import { hasRedis, startRedis, startSentinel } from "../support/redis.ts";
import { runNode } from "../support/run-node.ts";

const ring = (REDIS_URL: string) => runNode(["tests/worker/ringing.ts"], { env: { REDIS_URL } });

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

test.skipIf(!hasRedis())(
  "in a Cluster, jobs are rung and heard",
  async () => {
    const redis = await startRedis({
      "cluster-enabled": "yes",
      "cluster-port": await freePort(),
      "cluster-announce-ip": "127.0.0.1",
    });
    stops.push(redis.stop);
    const client = new Redis(redis.url);
    await client.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
    await expect
      .poll(() => client.call("CLUSTER", "INFO"), { timeout: 10_000 })
      .toContain("cluster_state:ok");
    client.disconnect();
    const ringing = ring(`redis+cluster://127.0.0.1:${redis.port}`);
    await ringing.line("heard sub_");
    expect(ringing.output()).not.toContain("CROSSSLOT");
  },
  60_000,
);

test.skipIf(!hasRedis())(
  "behind Sentinel, the replica takes over and jobs are heard again",
  async () => {
    const first = await startRedis();
    stops.push(first.stop);
    const second = await startRedis({ replicaof: `127.0.0.1 ${first.port}` });
    stops.push(second.stop);
    const sentinel = await startSentinel(first);
    stops.push(sentinel.stop);
    const watching = new Redis(sentinel.port, "127.0.0.1");
    stops.push(() => Promise.resolve(watching.disconnect()));
    const replicas = () => watching.call("SENTINEL", "REPLICAS", "mymaster") as Promise<unknown[]>;
    await expect.poll(replicas, { timeout: 30_000 }).toHaveLength(1);
    const ringing = ring(`redis+sentinel://127.0.0.1:${sentinel.port}/mymaster`);
    await ringing.line("heard sub_");
    await first.kill();
    const master = () => watching.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster");
    await expect.poll(master, { timeout: 30_000 }).toEqual(["127.0.0.1", String(second.port)]);
    const before = ringing.output().split("heard").length;
    await expect
      .poll(() => ringing.output().split("heard").length, { timeout: 30_000 })
      .toBeGreaterThan(before);
  },
  120_000,
);
