// A worker that dies, or stops for longer than its lease.
import { setTimeout as sleep } from "node:timers/promises";
import { ALL_THAT_COME, BOTH, DEADLINE_MS, type Fault, type Round, type Strike } from "./fault.ts";
import { leasedNow, untilSettled } from "./observer.ts";
import { within } from "./patience.ts";
import { preload } from "./workers.ts";

/** Requests before the strike: within the first burst of load. */
const SOME = [5, 150] as const;
const AFTER_ANSWER_MS = 8;
/** What the dead worker's last statements may take to commit, or to roll back. */
const LAST_STATEMENTS_MS = 200;
const BOTH_WAIT_MS = 300;
const SETTLING_MS = 2_000;

async function kill(round: Round): Promise<Strike> {
  await round.workers.kill(0);
  const at = Date.now();
  await sleep(LAST_STATEMENTS_MS);
  return { from: at, until: at, inFlight: await leasedNow(round.world.observer, round.shopId) };
}

export const WORKER_FAULTS: readonly Fault[] = [
  {
    name: "worker killed before the POST",
    backEnds: BOTH,
    workers: 1,
    load: "events",
    variables: (random, marker) => ({
      NODE_OPTIONS: preload("hold-before-post"),
      FAULTS_HOLD_AT: String(random.between(...SOME)),
      FAULTS_MARKER: marker,
    }),
    strike: async (round) => {
      await within("a request held before the POST", round.workers.holds);
      await sleep(round.random.between(0, DEADLINE_MS / 2));
      return kill(round);
    },
  },
  {
    name: "worker killed during the POST",
    backEnds: BOTH,
    workers: 1,
    load: "events",
    strike: async (round) => {
      const { name, random, world } = round;
      const from = random.between(...SOME);
      await world.receiver.manner(name, { from, count: ALL_THAT_COME, status: 200, afterMs: null });
      await world.receiver.reached(name, from);
      await sleep(random.between(0, DEADLINE_MS / 2));
      const strike = await kill(round);
      await world.receiver.release(name);
      return strike;
    },
  },
  {
    name: "worker killed after the POST",
    backEnds: BOTH,
    workers: 1,
    load: "events",
    strike: async (round) => {
      const { name, random, world } = round;
      await world.receiver.reached(name, random.between(...SOME), true);
      await sleep(random.between(0, AFTER_ANSWER_MS));
      return kill(round);
    },
  },
  {
    name: "worker stopped beyond its lease",
    backEnds: BOTH,
    workers: 2,
    load: "events",
    strike: async (round) => {
      const { name, random, world, workers } = round;
      const from = random.between(...SOME);
      await world.receiver.manner(name, { from, count: ALL_THAT_COME, status: 200, afterMs: null });
      await world.receiver.reached(name, from);
      // By then both of them wait for answers.
      await sleep(random.between(BOTH_WAIT_MS, DEADLINE_MS / 2));
      process.kill(workers.pid(0), "SIGSTOP");
      const at = Date.now();
      await sleep(LAST_STATEMENTS_MS);
      const inFlight = await leasedNow(world.observer, round.shopId);
      await world.receiver.release(name);
      return { from: at, until: at, inFlight };
    },
    afterwards: async ({ world, workers, shopId }) => {
      process.kill(workers.pid(0), "SIGCONT");
      await sleep(SETTLING_MS);
      await untilSettled(world.observer, shopId);
    },
  },
];
