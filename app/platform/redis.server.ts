// The connection to Redis: single, Sentinel or Cluster, by the form of REDIS_URL.
import { Cluster, Redis, type RedisOptions } from "ioredis";
import { log } from "./log.server.ts";
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

/**
 * Opens a connection.
 * @param address `redis://`, `rediss://`, `redis+sentinel://host:port,host:port/master`, `redis+cluster://host:port,host:port`
 */
export function openRedis(address: string, use: RedisUse): Redis | Cluster {
  const options = optionsFor(use);
  const [scheme = "", rest = ""] = address.split("://");
  const [, credentials, hosts = "", path = ""] = /^(?:([^@]*)@)?([^/]*)(?:\/(.*))?$/.exec(rest) ?? [];
  const password = credentials?.split(":")[1];
  const auth = password === undefined ? {} : { password: decodeURIComponent(password) };
  const nodes = hosts.split(",").map((host) => {
    const [name = "127.0.0.1", port] = host.split(":");
    return { host: name, port: Number(port ?? (scheme === "redis+sentinel" ? 26_379 : 6_379)) };
  });
  const redis =
    scheme === "redis+sentinel"
      ? new Redis({ ...options, ...auth, sentinels: nodes, name: path || "mymaster" })
      : scheme === "redis+cluster"
        ? new Cluster(nodes, { redisOptions: { ...options, ...auth } })
        : new Redis(address, options);
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
