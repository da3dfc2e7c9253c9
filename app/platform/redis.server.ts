// The connection to Redis: single, Sentinel or Cluster, by the form of REDIS_URL.
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { log } from "./log.server.ts";
import { readRedisAddress, type RedisAddress } from "./redis-address.ts";
import { onShutdown } from "./shutdown.server.ts";

const RECONNECT_MS_MAX = 2_000;

/** Commands fail at once while Redis is away (web), or wait for it (worker, as BullMQ wants). */
export type RedisUse = "web" | "worker";

function optionsFor(use: RedisUse): RedisOptions {
  const steady = { retryStrategy: (times: number) => Math.min(times * 100, RECONNECT_MS_MAX) };
  return use === "worker"
    ? { ...steady, maxRetriesPerRequest: null }
    : { ...steady, maxRetriesPerRequest: 1, enableOfflineQueue: false, commandTimeout: 2_000 };
}

/** Opens a connection to what REDIS_URL says: see redis-address.ts. */
export function openRedis(address: string, use: RedisUse): Redis | Cluster {
  const redis = connect(readRedisAddress(address), optionsFor(use));
  // BullMQ leaves a connection open that it was given; one that reconnects for ever would keep the process alive.
  onShutdown("redis", () => {
    redis.disconnect();
    return Promise.resolve();
  });
  let away = false;
  redis.on("error", (error: Error) => {
    if (!away) log.warn("redis.away", {}, error);
    away = true;
  });
  redis.on("ready", () => {
    if (away) log.info("redis.back");
    away = false;
  });
  return redis;
}

function connect(to: RedisAddress, options: RedisOptions): Redis | Cluster {
  switch (to.form) {
    case "single":
      return new Redis(to.address, options);
    case "sentinel":
      return new Redis({ ...options, ...to.options });
    case "cluster":
      return new Cluster(to.nodes, { ...to.cluster, redisOptions: { ...options, ...to.options } });
  }
}
