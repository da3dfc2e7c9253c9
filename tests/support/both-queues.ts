// Importing this file is how a test asks to run twice: once with BullMQ on PostgreSQL, once with it on Redis.
import type { Redis } from "./redis.ts";

export { testDatabase } from "./database.ts";

let redis: Redis | undefined;

/** For the set-up of the run on Redis. */
export function giveRedis(given: Redis): void {
  redis = given;
}

/** What BullMQ stands on in this run. */
export const backEnd = (): "postgres" | "redis" =>
  process.env["REDIS_URL"] === undefined ? "postgres" : "redis";

/** This file's own Redis, to be killed and started again; undefined in the run on PostgreSQL. */
export const redisOfThisFile = (): Redis | undefined => redis;
