// PostgreSQL ends under everybody's hands, and comes back at once or later.
import { setTimeout as sleep } from "node:timers/promises";
import { BOTH, type Fault, type Round, type Strike } from "./fault.ts";

const SOME = [5, 200] as const;
const AWAY_MS = 10_000;
const AWAY_BRIEFLY_MS = 2_000;

async function endFor(round: Round, awayMs: number): Promise<Strike> {
  const { name, random, world } = round;
  await world.receiver.reached(name, random.between(...SOME));
  const from = Date.now();
  await world.endPostgres(random.pick(["SIGINT", "SIGQUIT", "SIGKILL"]));
  await sleep(awayMs);
  await world.startPostgres();
  return { from, until: Date.now(), inFlight: "unsettled" };
}

export const POSTGRES_FAULTS: readonly Fault[] = [
  {
    name: "PostgreSQL restarted",
    backEnds: BOTH,
    workers: 1,
    load: "events",
    strike: (round) => endFor(round, 0),
  },
  {
    name: "PostgreSQL away for ten seconds",
    backEnds: BOTH,
    workers: 1,
    load: "events",
    strike: (round) => endFor(round, round.brief ? AWAY_BRIEFLY_MS : AWAY_MS),
  },
];
