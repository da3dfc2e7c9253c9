// The delivery engine of one worker process: takes turns, claims for all of them in one statement, sends, settles.
// Postgres is the truth; ringing only says where to look first, and the sweep finds what nobody rang for.
import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { now } from "../platform/clock.server.ts";
import { log } from "../platform/log.server.ts";
import { createAlarms, createBell } from "./bell.ts";
import { claimDeliveries, dueLanes } from "./claim.server.ts";
import type { Ask, Claimed } from "./claim.server.ts";
import { LANE_POLICY, LEASE_MARGIN_MS, SLOT_MS, SWEEP_MS } from "./lane-policy.ts";
import type { LanePolicy } from "./lane-policy.ts";
import {
  emptyBook,
  forgetLanes,
  laneOf,
  layToRest,
  learnShop,
  lineUp,
  passBy,
  ringLane,
  takeTurns,
} from "./lanes.ts";
import type { Lane, Turn } from "./lanes.ts";
import { noteAttempt, noteSettled, outcomeOf } from "./outcome.server.ts";
import { paceAfter } from "./pace.ts";
import { createPreparer } from "./prepare.server.ts";
import type { Sender, SendResult } from "./send.server.ts";
import { createSettler } from "./settle.server.ts";
import type { Settled, Settler } from "./settle.server.ts";
import { createSlots } from "./slots.ts";

export type EngineOptions = {
  sender: Sender;
  /** Milliseconds; the sender's. */
  deadlineMs: number;
  /** Seconds between attempts. */
  schedule: readonly number[];
  policy?: LanePolicy;
  sweepMs?: number;
};

/** Wakes nearer than this are kept in the process; what is later is the sweep's. */
const OWN_ALARMS_MS = 10_000;
const SWEPT_AT_ONCE = 1_000;
const FORGET_MS = 60_000;
const BACKLOG_MAX = 2_000;
const AFTER_FAILURE_MS = 500;
/** A claim is worth its round trip when it can take so many: a statement of 36 costs half as much again for each. */
const WORTH_A_CLAIM = 96;
const RATE_WINDOW_MS = 1_000;
/** A retry is due by the database's clock once its outcome is written, a few milliseconds from now. */
const SETTLING_MS = 20;
/** A lane that was told to wait looks again after this: by then its outcome is written, unless PostgreSQL is away. */
const REST_MS = 250;

/** Of the lease's margin: the rest of it is for settling. */
const LATE_CLAIM_MS = LEASE_MARGIN_MS / 2;

type Running = EngineOptions & {
  book: ReturnType<typeof emptyBook>;
  slots: ReturnType<typeof createSlots>;
  bell: ReturnType<typeof createBell>;
  alarms: ReturnType<typeof createAlarms>;
  prepare: ReturnType<typeof createPreparer>;
  settler: Settler;
  stopping: AbortController;
  ring: (id: string, anew?: boolean) => void;
  /** The database's clock minus ours in ms: signatures and attempts carry its time. */
  offsetMs: number;
};

/** Starts nothing until `start()`; `ring(subscription id)` at any time; `stop()` finishes what is under way. */
export function createEngine(options: EngineOptions) {
  const book = emptyBook();
  const bell = createBell();
  const ring = (id: string, anew = false) => {
    ringLane(book, id, anew);
    bell.ring();
  };
  // By the clock come what another worker left behind, and what was found by looking.
  const alarms = createAlarms((id) => ring(id, true));
  const slots = createSlots();
  const stopping = new AbortController();
  const settler = createSettler(options.policy ?? LANE_POLICY, (settled) => heed(engine, settled));
  const prepare = createPreparer();
  const engine: Running = {
    ...options,
    book,
    bell,
    ring,
    alarms,
    slots,
    stopping,
    settler,
    prepare,
    offsetMs: 0,
  };
  let running: Promise<unknown> = Promise.resolve();
  return {
    ring: (id: string) => ring(id),
    start(): void {
      running = Promise.all([claimTurns(engine), sweepLanes(engine)]);
    },
    /** Claims nothing more, waits for what is under way (the deadline bounds it), settles it. */
    async stop(): Promise<void> {
      stopping.abort();
      bell.ring();
      alarms.clear();
      await running;
      while (slots.sockets() > 0) await sleep(5);
      await settler.drained();
      alarms.clear();
    },
    /** Under way now. */
    load: () => ({ sockets: slots.sockets(), unsettled: settler.backlog(), lanes: book.lanes.size }),
  };
}

function ringIn(engine: Running, id: string, ms: number): void {
  if (ms <= 0) engine.ring(id, true);
  else if (ms <= OWN_ALARMS_MS && !engine.stopping.signal.aborted) engine.alarms.setIn(id, ms);
}

async function claimTurns(engine: Running): Promise<void> {
  const { book, slots, settler, bell, stopping } = engine;
  while (!stopping.signal.aborted) {
    const at = performance.now();
    const room = slots.room(at);
    // What was sent while PostgreSQL was away is written first: taken again, it would be sent again.
    const may = room >= WORTH_A_CLAIM && settler.backlog() < BACKLOG_MAX && !settler.unwritable();
    const turns = may ? takeTurns(book, room, slots.sockets(), at) : [];
    // Slots come free with time, not only with answers.
    if (turns.length === 0) await bell.wait(book.rotation.size > 0 ? SLOT_MS / 5 : null);
    else await claimFor(engine, turns);
  }
}

async function claimFor(engine: Running, turns: readonly Turn[]): Promise<void> {
  const asked = turns.map(({ lane, n }) => ({
    s: lane.id,
    n,
    ...(lane.passed && { f: lane.passed.dueMs, d: lane.passed.delivery }),
  }));
  // As a settling locks lanes: by id, so that two never wait for each other.
  asked.sort((a, b) => (a.s < b.s ? -1 : 1));
  const from = performance.now();
  try {
    const claimed = await claimDeliveries(asked, engine.deadlineMs + LEASE_MARGIN_MS);
    // The lease runs since the statement began. What is left of it must hold a whole deadline and the settling, or
    // another worker would send beside us: after a pause of this process, or a wait for a lock, it no longer does.
    if (performance.now() - from > LATE_CLAIM_MS) giveBack(engine, asked, claimed);
    else begin(engine, turns, claimed);
  } catch (error) {
    log.warn("deliveries.unclaimed", { lanes: turns.length }, error);
    await sleep(AFTER_FAILURE_MS);
    for (const { s } of asked) engine.ring(s);
  }
}

function giveBack(engine: Running, asked: readonly Ask[], claimed: readonly Claimed[]): void {
  log.warn("deliveries.claimed_late", { deliveries: claimed.length });
  for (const row of claimed) engine.settler.add({ d: row.delivery_id, l: row.lease, v: "release" });
  for (const { s } of asked) ringIn(engine, s, SETTLING_MS);
}

function begin(engine: Running, turns: readonly Turn[], claimed: readonly Claimed[]): void {
  const counts = new Map<string, number>();
  for (const row of claimed) {
    engine.offsetMs = row.database_ms - now().getTime();
    counts.set(row.subscription_id, (counts.get(row.subscription_id) ?? 0) + 1);
    startRequest(engine, row);
  }
  for (const { lane, n } of turns) {
    const taken = counts.get(lane.id) ?? 0;
    // As many as asked: there may be more.
    if (taken >= n) lane.rung = true;
    // Who took the last that a rate allows comes back for what it left.
    if (lane.rate !== null && taken > 0) ringIn(engine, lane.id, RATE_WINDOW_MS);
    lineUp(engine.book, lane);
  }
}

function startRequest(engine: Running, row: Claimed): void {
  const lane = laneOf(engine.book, row.subscription_id);
  learnShop(engine.book, lane, row.shop_id);
  passBy(lane, { dueMs: row.due_ms, delivery: row.delivery_id }, row.database_ms);
  lane.rate = row.rate_per_second;
  if (lane.resting) return void engine.settler.add({ d: row.delivery_id, l: row.lease, v: "release" });
  const at = new Date(now().getTime() + engine.offsetMs);
  const request = engine.prepare(row, at);
  if (typeof request === "string") {
    log.error("delivery.parked", { delivery: row.delivery_id, shop: row.shop_id, reason: request });
    engine.settler.add({ d: row.delivery_id, l: row.lease, v: "park", rs: request });
    return;
  }
  const release = engine.slots.take(performance.now());
  lane.inFlight += 1;
  lane.shop.inFlight += 1;
  void engine.sender.send(request).then((result) => {
    release();
    lane.inFlight -= 1;
    lane.shop.inFlight -= 1;
    lane.pace = paceAfter(lane.pace, result.verdict === "delivered", result.durationMs);
    finishRequest(engine, row, at, result);
    if (result.verdict === "wait" || result.verdict === "gone") restLane(engine, lane);
    lineUp(engine.book, lane);
    if (engine.book.rotation.size > 0) engine.bell.ring();
  });
}

// Told to wait or that the endpoint is gone: nothing more of the lane starts before the database knows, and says so to
// all workers.
function restLane(engine: Running, lane: Lane): void {
  layToRest(engine.book, lane);
  setTimeout(() => {
    lane.resting = false;
    // What was given back unsent lies before what was passed.
    engine.ring(lane.id, true);
  }, REST_MS);
}

function finishRequest(engine: Running, row: Claimed, at: Date, result: SendResult): void {
  const outcome = outcomeOf(row, at, result, engine.schedule);
  engine.settler.add(outcome);
  if (typeof outcome.nx === "number") {
    ringIn(engine, row.subscription_id, Math.max(outcome.nx, outcome.ra ?? 0) + SETTLING_MS);
  }
  noteAttempt(row, result);
}

function heed(engine: Running, settled: Settled): void {
  noteSettled(settled);
  for (const { s, wait_ms: wait } of settled.lanes) {
    if (wait !== null && wait > 0) ringIn(engine, s, wait);
  }
}

async function sweepLanes(engine: Running): Promise<void> {
  const every = engine.sweepMs ?? SWEEP_MS;
  const { signal } = engine.stopping;
  while (!signal.aborted) {
    try {
      await ringDueLanes(engine);
      forgetLanes(engine.book, performance.now() - FORGET_MS);
    } catch (error) {
      log.warn("sweep.failed", {}, error);
    }
    // Spread by chance, so that many workers do not sweep together.
    await sleep(every * (0.8 + randomInt(400) / 1000), undefined, { signal }).catch(() => undefined);
  }
}

// All of them, page by page: behind the longest due the others would wait while those are many and slow.
async function ringDueLanes(engine: Running): Promise<void> {
  for (let after: string | undefined = ""; after !== undefined && !engine.stopping.signal.aborted;) {
    const due = await dueLanes(after, SWEPT_AT_ONCE, OWN_ALARMS_MS);
    for (const { subscription_id: id, due_in_ms: ms } of due) ringIn(engine, id, ms);
    after = due[SWEPT_AT_ONCE - 1]?.subscription_id;
  }
}
