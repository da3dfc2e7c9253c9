// The lanes that this process knows, and whose turn it is: shops take turns, and within a shop its lanes do.
import { CLAIM_LIMITS, COMMITTED_LATE_MS, PROCESS_LIMITS } from "./lane-policy.ts";
import { freshPace, isSuspect, isUnproven } from "./pace.ts";
import type { Pace } from "./pace.ts";

/**
 * `rung`: there may be work; `resting`: it was told to wait or is gone, which the database may not know yet; `inFlight`:
 * requests under way; `rate`: its own requests a second, if any; `passed`: what is owed before it is taken or gone, as
 * far as this process saw (null: look at all); `anew`: it is to look at all with its next turn, whatever a claim under
 * way passes by.
 */
export type Lane = {
  readonly id: string;
  shop: Shop;
  rung: boolean;
  resting: boolean;
  inFlight: number;
  pace: Pace;
  rate: number | null;
  passed: Passed | null;
  anew: boolean;
  /** Steady milliseconds of its last turn. */
  usedAt: number;
};
/** A place in the order of what is owed: a due time (epoch ms of the database's clock) and a delivery due then. */
export type Passed = { readonly dueMs: number; readonly delivery: string };
/** `lanes`: how many are known of it; `inFlight`: requests of them all under way. */
export type Shop = { readonly id: string; lanes: number; inFlight: number; readonly ready: Set<Lane> };
export type Turn = { lane: Lane; n: number };

/** Known lanes and shops, and the shops with a ready lane in the order of their turns. */
export type LaneBook = { lanes: Map<string, Lane>; shops: Map<string, Shop>; rotation: Set<Shop> };

export const emptyBook = (): LaneBook => ({ lanes: new Map(), shops: new Map(), rotation: new Set() });

function shopOf(book: LaneBook, id: string): Shop {
  const shop = book.shops.get(id) ?? { id, lanes: 0, inFlight: 0, ready: new Set<Lane>() };
  book.shops.set(id, shop);
  return shop;
}

/** The lane of a subscription. Its shop is learned with its first delivery. */
export function laneOf(book: LaneBook, id: string): Lane {
  const known = book.lanes.get(id);
  if (known !== undefined) return known;
  const shop = shopOf(book, `of ${id}`);
  const pace = freshPace();
  const idle = { rung: false, resting: false, inFlight: 0, rate: null, passed: null, anew: false, usedAt: 0 };
  const lane: Lane = { id, shop, pace, ...idle };
  shop.lanes += 1;
  book.lanes.set(id, lane);
  return lane;
}

/** Puts a rung lane in line, if its window has room. */
export function lineUp(book: LaneBook, lane: Lane): void {
  if (!lane.rung || lane.resting || lane.inFlight >= Math.floor(lane.pace.window)) return;
  lane.shop.ready.add(lane);
  book.rotation.add(lane.shop);
}

/** There may be work in this lane: something new, or, where `anew`, something that was due long ago. */
export function ringLane(book: LaneBook, id: string, anew: boolean): void {
  const lane = laneOf(book, id);
  if (anew) [lane.passed, lane.anew] = [null, true];
  lane.rung = true;
  lineUp(book, lane);
}

/** Takes a lane out of line until it is rung again with `resting` taken back. */
export function layToRest(book: LaneBook, lane: Lane): void {
  lane.resting = true;
  leaveLine(book, lane);
}

function leaveLine(book: LaneBook, lane: Lane): void {
  lane.shop.ready.delete(lane);
  if (lane.shop.ready.size === 0) book.rotation.delete(lane.shop);
}

/** A delivery was taken: the next look begins at it, or earlier where transactions may not have ended at `atMs`. */
export function passBy(lane: Lane, taken: Passed, atMs: number): void {
  if (lane.anew) return;
  const ended = atMs - COMMITTED_LATE_MS;
  const passed = taken.dueMs < ended ? taken : { dueMs: ended, delivery: "" };
  if (lane.passed === null || isAfter(passed, lane.passed)) lane.passed = passed;
}

const isAfter = (a: Passed, b: Passed) => (a.dueMs === b.dueMs ? a.delivery > b.delivery : a.dueMs > b.dueMs);

/** The lane turns out to belong to this shop. */
export function learnShop(book: LaneBook, lane: Lane, shopId: string): void {
  if (lane.shop.id === shopId) return;
  leaveShop(book, lane);
  lane.shop = shopOf(book, shopId);
  lane.shop.lanes += 1;
  lane.shop.inFlight += lane.inFlight;
  lineUp(book, lane);
}

// A shop is known as long as one of its lanes is: a second account of it would double its share.
function leaveShop(book: LaneBook, lane: Lane): void {
  const { shop } = lane;
  shop.lanes -= 1;
  shop.inFlight -= lane.inFlight;
  leaveLine(book, lane);
  if (shop.lanes === 0) book.shops.delete(shop.id);
}

/**
 * Whose turn it is: one lane of each shop in rotation until `room` is used up. They leave the line, and are no longer
 * rung. `sockets` are under way in the whole process; `at` is now, in steady milliseconds.
 */
export function takeTurns(book: LaneBook, room: number, sockets: number, at: number): Turn[] {
  const turns: Turn[] = [];
  const heldBack: Lane[] = [];
  let left = Math.min(room, CLAIM_LIMITS.deliveries);
  for (const shop of book.rotation) {
    if (left <= 0 || turns.length >= CLAIM_LIMITS.lanes) break;
    const [lane] = shop.ready;
    book.rotation.delete(shop);
    if (lane === undefined) continue;
    shop.ready.delete(lane);
    // A Set visits what is added while it is walked: the shop comes round again behind the others.
    if (shop.ready.size > 0) book.rotation.add(shop);
    const n = Math.min(left, CLAIM_LIMITS.perLane, roomOf(lane, sockets));
    if (n <= 0) {
      heldBack.push(lane);
      continue;
    }
    [lane.rung, lane.anew] = [false, false];
    lane.usedAt = at;
    turns.push({ lane, n });
    left -= n;
  }
  for (const lane of heldBack) lineUp(book, lane);
  return turns;
}

function roomOf(lane: Lane, sockets: number): number {
  const window = Math.floor(lane.pace.window) - lane.inFlight;
  const shop = PROCESS_LIMITS.shopSockets - lane.shop.inFlight;
  return Math.min(window, shop, shareOf(lane, sockets));
}

// What hangs may not take every socket: who fails or is slow leaves some to who has not answered yet, and both to who
// answers well. In a crowd a newcomer shows with one request what it is.
function shareOf({ pace, inFlight }: Lane, sockets: number): number {
  const { crowdedSockets, suspectSockets, unprovenSockets } = PROCESS_LIMITS;
  if (isSuspect(pace)) return suspectSockets - sockets;
  if (!isUnproven(pace)) return Infinity;
  return Math.min(sockets < crowdedSockets ? Infinity : 1 - inFlight, unprovenSockets - sockets);
}

/** Forgets lanes without work and requests whose last turn was before `before`. */
export function forgetLanes(book: LaneBook, before: number): void {
  for (const lane of book.lanes.values()) {
    if (lane.rung || lane.inFlight > 0 || lane.usedAt >= before) continue;
    book.lanes.delete(lane.id);
    leaveShop(book, lane);
  }
}
