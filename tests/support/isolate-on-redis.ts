// As isolate.ts, with a Redis of this file's own below BullMQ.
import "./isolate.ts";
import { afterAll } from "vitest";
import { startRedis } from "./redis.ts";
import { giveRedis } from "./both-queues.ts";

const redis = await startRedis();
process.env["REDIS_URL"] = redis.url;
giveRedis(redis);

// Registered after isolate's, so it runs before it: the app must lose nothing but time when Redis is away first.
afterAll(async () => {
  const { shutdown } = await import("../../app/platform/shutdown.server.ts");
  await shutdown();
  await redis.stop();
});
