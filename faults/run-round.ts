// One round of one fault: a shop, workers, load, the strike, the waiting, the accounts.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ShopId } from "../app/loyalty/ids.ts";
import { accountFor, type Account } from "./account.ts";
import { RECOVERY_MS, type Fault, type Round } from "./fault.ts";
import { startLoad } from "./load.ts";
import { untilSettled } from "./observer.ts";
import { comesTrue } from "./patience.ts";
import { randomFrom } from "./random.ts";
import { closeShop, commitEvents, openShop } from "./shop.ts";
import { startWorkers } from "./workers.ts";
import type { World } from "./world.ts";

/**
 * What a round comes to. `bellMs`: from the strike's end until doorbells are heard at once again; `stale`: finishes that
 * came when their lease was another worker's; `upMs`: from the strike until a killed worker's successor ran, or 0.
 */
export type Outcome = Account & { bellMs: number; stale: number; upMs: number };

export type RoundOptions = { world: World; seed: string; nth: number; brief: boolean };

const SUBSCRIPTIONS = 3;
const EVENT_TYPES = ["order.recorded", "points.earned"];
const STALE = "delivery.finish_stale";
/** The supervisor's wait and the start of Node, on two idle cores. */
const USUAL_START_MS = 2_000;
const GO_ON_MS = 500;
/** Far below the sweep's five seconds, and three times in a row: it was the bell. */
const AT_ONCE_MS = 600;
const TIMES_AT_ONCE = 3;

const NOTHING: Outcome = {
  committed: 0,
  delivered: 0,
  pending: 0,
  lost: 0,
  duplicated: 0,
  retried: 0,
  inFlight: 0,
  recoveredMs: Infinity,
  bellMs: Infinity,
  stale: 0,
  upMs: 0,
  problems: [],
};

/** Runs one round to its accounts; `seed` with the fault's name, back end and `nth` settles every chance in it. */
export async function runRound(fault: Fault, options: RoundOptions): Promise<Outcome> {
  const { world, seed, nth, brief } = options;
  const random = randomFrom(`${seed} ${fault.name} ${world.backEnd} ${nth}`);
  const name = `${fault.name.replaceAll(/[^a-z0-9]+/gi, "-")}-${nth}`.toLowerCase();
  const marker = join(world.folder, name);
  const shopId = `${name}.myshopify.com` as ShopId;
  const urls = Array.from({ length: SUBSCRIPTIONS }, (_, n) => world.receiver.url(name, n));
  await openShop(shopId, urls, EVENT_TYPES);
  const struck = { ...world.variables, ...fault.variables?.(random, marker) };
  const environments = Array.from({ length: fault.workers }, (_, n) => (n === 0 ? struck : world.variables));
  const workers = startWorkers("worker", environments);
  try {
    return await strikeAndCount(fault, { name, shopId, world, workers, random, brief, marker });
  } catch (error) {
    return { ...NOTHING, problems: [...workers.surprises, String(error)] };
  } finally {
    await closeShop(shopId).catch(() => undefined);
    await workers.stop();
  }
}

async function strikeAndCount(fault: Fault, round: Round): Promise<Outcome> {
  const { world, shopId, random } = round;
  const staleBefore = world.logged(STALE).length;
  const load = fault.load === "events" ? startLoad(shopId, random) : undefined;
  const strike = await fault.strike(round).finally(async () => {
    await sleep(random.between(0, GO_ON_MS));
    await load?.stop();
  });
  await untilSettled(world.observer, shopId);
  await fault.afterwards?.(round);
  await world.receiver.release(round.name);
  const bellMs = (await bellHeard(round)) ? Math.max(0, Date.now() - strike.until) : Infinity;
  await untilSettled(world.observer, shopId, RECOVERY_MS);
  const account = await accountFor(round, strike);
  const stale = world.logged(STALE).length - staleBefore;
  // A worker whose clock was set ahead tells of a start that is yet to come.
  const starts = world.logged("worker.started").filter((at) => at <= Date.now());
  const upMs = Math.max(0, ...starts.map((at) => at - strike.until));
  const outcome = { ...account, bellMs, stale, upMs };
  return { ...outcome, problems: [...account.problems, ...problemsOf(round, outcome)] };
}

function problemsOf(round: Round, account: Omit<Outcome, "problems">): string[] {
  const problems = [...round.workers.surprises];
  if (account.lost > 0) problems.push(`${account.lost} lost`);
  if (account.pending > 0) problems.push(`${account.pending} still pending`);
  // A machine that is slow to start a process is given that time: it is not the lease's.
  const limit = RECOVERY_MS + Math.max(0, account.upMs - USUAL_START_MS);
  if (account.recoveredMs > limit) problems.push(`recovered after ${account.recoveredMs} ms only`);
  if (account.bellMs === Infinity) problems.push("doorbells are no longer heard");
  return problems;
}

// Nothing needs a restart by hand: what is committed after the fault goes out at once, as before it.
function bellHeard(round: Round): Promise<boolean> {
  let inARow = 0;
  return comesTrue(async () => {
    inARow = (await isHeardAtOnce(round)) ? inARow + 1 : 0;
    return inARow === TIMES_AT_ONCE;
  });
}

async function isHeardAtOnce({ shopId, name, world: { receiver } }: Round): Promise<boolean> {
  const before = (await receiver.report(name)).length;
  const from = performance.now();
  const committed = await commitEvents(shopId, 1).then(
    () => true,
    () => false,
  );
  if (!committed) return false;
  await receiver.reached(name, before + SUBSCRIPTIONS);
  return performance.now() - from < AT_ONCE_MS;
}
