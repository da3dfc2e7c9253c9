// What every shop needs again and again, by day and by night: one table from a chore to how often it is due, the step
// that does a bounded part of it, and what follows when a round is over.
import { proveNext, tellOfFaults } from "../ledger/prove.server.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { msUntilNight } from "../loyalty/night.ts";
import { now } from "../platform/clock.server.ts";
import { log } from "../platform/log.server.ts";
import { claimRound, endRound, keepStep, releaseRound } from "../platform/upkeep.server.ts";
import type { Round, Step } from "../platform/upkeep.server.ts";
import { matchLeftGuests } from "../orders/match-left-guests.server.ts";
import { mirrorProgram } from "../program/mirror.server.ts";
import { checkPlan } from "../shops/check-plan.server.ts";
import { recomputeNext } from "../tiers/recompute.server.ts";
import { rollUpHealth } from "../webhooks/health-history.server.ts";
import { continueReplays } from "../webhooks/replay-since.server.ts";
import { continueDeletions } from "../webhooks/stop-sending.server.ts";
import { tellDisabled } from "../webhooks/tell-disabled.server.ts";
import { startLoop } from "./loop.server.ts";
import type { Loop } from "./loop.server.ts";

const EVERY_MS = 15_000;
const HOUR_MS = 60 * 60 * 1000;
/** Far more than a shop has members; a round that gets here is broken. */
const STEPS_MAX = 100_000;

type Upkeep = {
  readonly every: "hour" | "night";
  readonly step: (shop: ShopId, after: string) => Promise<Step>;
  readonly end?: (shop: ShopId, found: number) => Promise<void>;
};

const UPKEEP: Readonly<Record<string, Upkeep>> = {
  deleted: { every: "hour", step: continueDeletions },
  guests: { every: "hour", step: matchLeftGuests },
  health: { every: "hour", step: rollUpHealth },
  notices: { every: "hour", step: tellDisabled },
  replays: { every: "hour", step: continueReplays },
  ledger: { every: "night", step: proveNext, end: tellOfFaults },
  plan: { every: "night", step: checkPlan },
  program: { every: "night", step: mirrorProgram },
  tiers: { every: "night", step: recomputeNext },
};

export const CHORES: readonly string[] = Object.keys(UPKEEP);

/** Starts to do what is due, one round at a time; the caller stops it, and another worker goes on with the round. */
export function startUpkeep(): Loop {
  return startLoop({
    name: "upkeep",
    work: doRound,
    firstMs: EVERY_MS,
    everyMs: EVERY_MS,
    afterFailureMs: EVERY_MS,
  });
}

/** Does the round that is due longest, to its end; false where none is due. What fails is tried again minutes later. */
export async function doRound(stopping: AbortSignal): Promise<boolean> {
  const round = await claimRound(CHORES);
  if (round === null) return false;
  await finish(round, stopping).catch((error: unknown) =>
    log.warn("upkeep.failed", { shop: round.shopId, chore: round.chore }, error),
  );
  return true;
}

async function finish(claimed: Round, stopping: AbortSignal): Promise<void> {
  const { shopId: shop, chore } = claimed;
  const upkeep = UPKEEP[chore];
  if (upkeep === undefined) throw new Error(`No chore is called ${chore}`);
  let round: Round | null = claimed;
  for (let steps = 0; steps < STEPS_MAX && round !== null; steps += 1) {
    if (stopping.aborted) return releaseRound(round);
    const did: Step = await upkeep.step(shop, round.after);
    if (did.after === null) return end(upkeep, round, round.found + did.found);
    round = await keepStep(round, did.after, did.found);
  }
  log.warn("upkeep.lost", { shop, chore });
}

async function end({ every, end: conclude }: Upkeep, round: Round, found: number): Promise<void> {
  const { shopId: shop, chore, timezone } = round;
  await conclude?.(shop, found);
  await endRound(round, { found, nextInMs: every === "hour" ? HOUR_MS : msUntilNight(now(), timezone) });
  log.info("upkeep.done", { shop, chore, found });
}
