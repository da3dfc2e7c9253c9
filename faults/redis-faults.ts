// Redis ends, or forgets everything. It only carries hints, so nothing but time may be lost with it.
import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import type { Fault, Round, Strike } from "./fault.ts";
import type { Redis as RedisProcess } from "../tests/support/redis.ts";

const SOME = [5, 200] as const;
const SUPERVISOR_MS = [200, 2_000] as const;
const TIMES_EMPTIED = [3, 12] as const;
const BETWEEN_MS = 150;
const AWAY_MS = 60_000;
const AWAY_BRIEFLY_MS = 3_000;

type Blow = (round: Round, redis: RedisProcess) => Promise<void>;

async function strike(round: Round, blow: Blow): Promise<Strike> {
  const { name, random, world } = round;
  if (world.redis === undefined) throw new Error("no Redis runs here");
  await world.receiver.reached(name, random.between(...SOME));
  const from = Date.now();
  await blow(round, world.redis);
  // Workers go on all the while: nothing may go out twice.
  return { from, until: Date.now(), inFlight: [] };
}

async function command(redis: RedisProcess, run: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(redis.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on("error", () => undefined);
  await run(client).catch(() => undefined);
  client.disconnect();
}

const BLOWS: Readonly<Record<string, Blow>> = {
  "Redis killed": async ({ random }, redis) => {
    await redis.kill();
    await sleep(random.between(...SUPERVISOR_MS));
    await redis.start();
  },
  "Redis emptied": async ({ random }, redis) => {
    for (let left = random.between(...TIMES_EMPTIED); left > 0; left -= 1) {
      await command(redis, (client) => client.flushall());
      await sleep(random.between(0, BETWEEN_MS));
    }
  },
  "Redis restarted": async (_round, redis) => {
    await command(redis, (client) => client.shutdown());
    await redis.kill();
    await redis.start();
  },
  "Redis away for a minute": async ({ brief }, redis) => {
    await redis.kill();
    await sleep(brief ? AWAY_BRIEFLY_MS : AWAY_MS);
    await redis.start();
  },
};

export const REDIS_FAULTS: readonly Fault[] = Object.entries(BLOWS).map(([name, blow]) => ({
  name,
  backEnds: ["redis"],
  workers: 1,
  load: "events",
  strike: (round) => strike(round, blow),
}));
