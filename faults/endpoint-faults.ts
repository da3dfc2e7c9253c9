// A receiver that answers after the deadline, and workers whose clock is wrong.
import { setTimeout as sleep } from "node:timers/promises";
import { BOTH, DEADLINE_MS, type Fault, type Round, type Strike } from "./fault.ts";
import { preload } from "./workers.ts";

const TEN_MINUTES_MS = 600_000;
const SOME = [5, 100] as const;
/** Fewer than open the breaker, which is another thing. */
const ODD_ANSWERS = [1, 7] as const;
/** The latest answer after the deadline. */
const LATEST_MS = 1_500;

async function oddAnswers(round: Round, status: number, afterMs: number): Promise<Strike> {
  const { name, random, world } = round;
  const [from, count] = [random.between(...SOME), random.between(...ODD_ANSWERS)];
  await world.receiver.manner(name, { from, count, status, afterMs });
  await world.receiver.reached(name, from);
  const at = Date.now();
  await world.receiver.reached(name, from + count);
  await sleep(afterMs);
  // Nothing is struck here: what is sent again follows a failure that was kept.
  return { from: at, until: Date.now(), inFlight: [] };
}

const clockOff = (ms: number) => () => ({
  NODE_OPTIONS: preload("shift-clock"),
  FAULTS_CLOCK_MS: String(ms),
});

/** The other worker's clock is right; some answers are refusals, so that due times of retries are set and read too. */
const offByTenMinutes = { backEnds: BOTH, workers: 2, load: "events" } as const;

export const ENDPOINT_FAULTS: readonly Fault[] = [
  {
    name: "receiver answers after the deadline",
    backEnds: BOTH,
    workers: 1,
    load: "events",
    strike: (round) => oddAnswers(round, 200, DEADLINE_MS + round.random.between(200, LATEST_MS)),
  },
  {
    name: "clock of a worker ten minutes ahead",
    ...offByTenMinutes,
    variables: clockOff(TEN_MINUTES_MS),
    strike: (round) => oddAnswers(round, 503, 0),
  },
  {
    name: "clock of a worker ten minutes behind",
    ...offByTenMinutes,
    variables: clockOff(-TEN_MINUTES_MS),
    strike: (round) => oddAnswers(round, 503, 0),
  },
];
