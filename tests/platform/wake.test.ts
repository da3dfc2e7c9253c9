// Wakes: heard by every worker at once, and again after its connection was lost.
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { hearWakes, wakeLanes } from "../../app/platform/wake.server.ts";
import { testDatabase } from "../support/database.ts";

const database = testDatabase();
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

const LISTENING =
  "datname = current_database() AND application_name = 'laurel-wake' AND query LIKE 'LISTEN%'";

async function listeners(wanted: number): Promise<Set<string>[]> {
  const heard = Array.from({ length: wanted }, () => new Set<string>());
  for (const ids of heard) stops.push(hearWakes((id) => ids.add(id)).stop);
  await untilListening(wanted);
  return heard;
}

/** The backends that listen, once they are so many, without those that are `past`. */
async function untilListening(wanted: number, past: readonly number[] = []): Promise<number[]> {
  for (let tries = 0; tries < 1_500; tries += 1) {
    const rows = await database.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE ${LISTENING} AND state = 'idle'`,
    );
    const pids = rows.map(({ pid }) => pid).filter((pid) => !past.includes(pid));
    if (pids.length === wanted) return pids;
    await sleep(20);
  }
  throw new Error("nobody listens");
}

async function untilHeard(heard: Set<string>, ids: readonly string[]): Promise<void> {
  for (let tries = 0; tries < 1_500 && !ids.every((id) => heard.has(id)); tries += 1) await sleep(20);
  expect([...heard].sort()).toEqual([...ids].sort());
}

test("every worker hears every lane, however many are named at once", async () => {
  const ids = Array.from({ length: 500 }, (_, n) => `whsub_${String(n).padStart(58, "0")}`);
  const heard = await listeners(2);
  await wakeLanes(ids);
  for (const one of heard) await untilHeard(one, ids);
});

test("a worker whose connection was ended hears again", async () => {
  const [heard = new Set<string>()] = await listeners(1);
  const ended = await untilListening(1);
  await database.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${LISTENING}`);
  await untilListening(1, ended);
  await wakeLanes(["whsub_again"]);
  await untilHeard(heard, ["whsub_again"]);
});
