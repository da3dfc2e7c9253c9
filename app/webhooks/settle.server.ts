// Writes what came of deliveries: gathers for a few milliseconds, then one statement for all (settle_deliveries()).
import { setTimeout as sleep } from "node:timers/promises";
import { hotSql } from "../platform/hot-sql.server.ts";
import { log } from "../platform/log.server.ts";
import type { LanePolicy } from "./lane-policy.ts";

/** In settle_deliveries()' words: delivery, token, whether sent by hand, verdict, status, error, duration, start,
 * answer, its headers, milliseconds to the next attempt (null = none left), Retry-After in ms, reason of a park, the
 * subscription's revision where the endpoint is gone. */
export type Outcome = {
  d: string;
  l: string;
  m?: boolean;
  v: "delivered" | "retry" | "wait" | "gone" | "park" | "release";
  st?: number | null;
  er?: string | null;
  ms?: number;
  at?: number;
  an?: string | null;
  ah?: Record<string, string> | null;
  nx?: number | null;
  ra?: number | null;
  rs?: string;
  rv?: number;
};

/** `stale`: deliveries whose token was no longer ours; `lanes`: those whose health changed. */
export type Settled = {
  stale: string[];
  lanes: { s: string; breaker: string; wait_ms: number | null }[];
  disabled: { s: string; shop: string; reason: string }[];
};

const GATHER_MS = 3;
/** After a statement of this many there is much under way, and a fuller one is worth a few milliseconds. */
const BUSY = 24;
const FULL = 96;
const BUSY_GATHER_MS = 12;
const MOST_PER_STATEMENT = 200;
const AGAIN_MS = [50, 100, 250, 500, 1_000];
/** Statements refused for what is in them, not for the state of the connection (SQLSTATE classes). */
const REFUSED = /^(22|23|42)/;

/** Settles these outcomes in one transaction. */
export async function settleDeliveries(outcomes: readonly Outcome[], policy: LanePolicy): Promise<Settled> {
  const text = "SELECT settle_deliveries($1::jsonb, $2::jsonb) AS settled";
  const values = [JSON.stringify(outcomes), JSON.stringify(policy)];
  const [row] = await hotSql<{ settled: Settled }>("settle", text, values);
  if (row === undefined) throw new Error("settle_deliveries() answered nothing");
  return row.settled;
}

/** Makes a settler; `told` hears of every statement that went through. */
export function createSettler(policy: LanePolicy, told: (settled: Settled) => void) {
  let waiting: Outcome[] = [];
  let timer: NodeJS.Timeout | null = null;
  let writing: Promise<void> | null = null;
  let unwritable = false;

  async function write(): Promise<void> {
    for (let last = 0; waiting.length > 0;) {
      if (last >= BUSY && waiting.length < FULL) await sleep(BUSY_GATHER_MS);
      const batch = waiting.slice(0, MOST_PER_STATEMENT);
      waiting = waiting.slice(MOST_PER_STATEMENT);
      last = batch.length;
      await settleUntilWritten(batch);
    }
  }

  // Postgres away is waited for: a finish that comes too late is stale, and changes nothing.
  async function settleUntilWritten(batch: Outcome[]): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        const settled = await settleDeliveries(batch, policy);
        unwritable = false;
        told(settled);
        return;
      } catch (error) {
        unwritable = !isRefused(error);
        if (isRefused(error)) return settleApart(batch, error);
        log.warn("deliveries.unsettled", { deliveries: batch.length, tries }, error);
        await sleep(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]);
      }
    }
  }

  // One outcome that cannot be stored must not hold up the others: alone and without its answer it goes through.
  async function settleApart(batch: Outcome[], error: unknown): Promise<void> {
    if (batch.length > 1) {
      for (const outcome of batch) await settleUntilWritten([outcome]);
      return;
    }
    const [outcome] = batch;
    if (outcome === undefined) return;
    log.error("delivery.unstorable", { delivery: outcome.d }, error);
    if (outcome.an === null || outcome.an === undefined) return;
    await settleUntilWritten([{ ...outcome, an: null, ah: null }]);
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    // Only with something to write: a write that ends before it is assigned would never be over.
    if (writing !== null || waiting.length === 0) return;
    writing = write().finally(() => {
      writing = null;
      flush();
    });
  }

  return {
    add(outcome: Outcome): void {
      waiting.push(outcome);
      if (waiting.length >= MOST_PER_STATEMENT) flush();
      else timer ??= setTimeout(flush, GATHER_MS);
    },
    /** Outcomes not yet written. */
    backlog: () => waiting.length,
    /** Whether the last statement did not go through: PostgreSQL is away, or was until now. */
    unwritable: () => unwritable,
    /** Resolves when everything added is written. */
    async drained(): Promise<void> {
      while (waiting.length > 0 || writing !== null) {
        flush();
        await writing;
      }
    },
  };
}

export type Settler = ReturnType<typeof createSettler>;

function isRefused(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && REFUSED.test(code);
}
