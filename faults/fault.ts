// What a fault is: a row of a table. The harness does the rest: shop, load, workers, waiting, accounts.
import type { ShopId } from "../app/loyalty/ids.ts";
import type { Variables } from "../server/variables.ts";
import type { Random } from "./random.ts";
import type { Workers } from "./workers.ts";
import type { World } from "./world.ts";

/** What BullMQ stands on. */
export type BackEnd = "postgres" | "redis";

/** One striking of one fault, on a shop of its own. `name` is the first part of its endpoints' paths. */
export type Round = {
  name: string;
  shopId: ShopId;
  world: World;
  workers: Workers;
  random: Random;
  /** Absences are short: for `npm test`. */
  brief: boolean;
  marker: string;
};

/**
 * When it struck (epoch ms; `until` = what was away is back, or `from`), and what was in flight then: delivery ids, or
 * "unsettled" where the database could not be asked: whatever had come by `until` and was not settled by `from`.
 */
export type Strike = {
  from: number;
  until: number;
  inFlight: readonly string[] | "unsettled";
  /** What does not hold beyond the accounts, a sentence each. */
  problems?: string[];
};

export type Fault = {
  name: string;
  backEnds: readonly BackEnd[];
  workers: number;
  /** Added to the environment of the first worker. */
  variables?: (random: Random, marker: string) => Variables;
  /** Commits that go on all the while; "none" where the strike brings its own. */
  load: "events" | "none";
  strike: (round: Round) => Promise<Strike>;
  /** When everything is settled again, before the accounts. */
  afterwards?: (round: Round) => Promise<void>;
};

/** Milliseconds over everything that a request does, in these runs. */
export const DEADLINE_MS = 2_000;
/** What a killed worker had taken is delivered within this: the promise of ARCHITECTURE.md. */
export const RECOVERY_MS = DEADLINE_MS + 15_000;
/** More requests than any round has. */
export const ALL_THAT_COME = 1_000_000;
export const BOTH: readonly BackEnd[] = ["postgres", "redis"];
