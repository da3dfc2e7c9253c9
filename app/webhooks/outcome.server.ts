// What a request's end means for its delivery, in settle_deliveries()' words, in the log and in the metrics.
import { randomInt } from "node:crypto";
import { log } from "../platform/log.server.ts";
import { metrics } from "../platform/metrics.server.ts";
import type { Claimed } from "./claim.server.ts";
import { nextWaitMs } from "./schedule.ts";
import type { SendResult } from "./send.server.ts";
import type { Outcome, Settled } from "./settle.server.ts";

const CHANCE_STEPS = 1_000_000;

/**
 * The outcome to settle. `at` is the signed time. A manual attempt uses up no step of the schedule; after 410 there is
 * no next attempt.
 */
export function outcomeOf(row: Claimed, at: Date, result: SendResult, schedule: readonly number[]): Outcome {
  const { verdict, status, error, durationMs, answer, answerHeaders } = result;
  const outcome: Outcome = {
    d: row.delivery_id,
    l: row.lease,
    m: row.manual,
    v: verdict,
    st: status,
    er: error,
    ms: durationMs,
    at: at.getTime(),
    an: answer,
    ah: answerHeaders,
  };
  if (verdict === "gone") outcome.rv = row.revision;
  if (verdict !== "retry" && verdict !== "wait") return outcome;
  const step = row.manual ? Math.max(row.step, 1) : row.step + 1;
  outcome.nx = nextWaitMs(schedule, step, randomInt(CHANCE_STEPS) / CHANCE_STEPS);
  outcome.ra = result.retryAfterMs;
  return outcome;
}

/** Counts and logs one attempt: ids and codes, never a body or a URL. */
export function noteAttempt(row: Claimed, result: SendResult): void {
  metrics.attempts.inc({ outcome: result.verdict });
  metrics.attemptSeconds.observe(result.durationMs / 1000);
  log.info("delivery.attempted", {
    shop: row.shop_id,
    subscription: row.subscription_id,
    delivery: row.delivery_id,
    event: row.event_id,
    attempt: row.attempts + 1,
    status: result.status,
    error: result.error,
    ms: result.durationMs,
  });
}

/** Logs what a settled statement changed beyond its deliveries. */
export function noteSettled(settled: Settled): void {
  for (const delivery of settled.stale) log.warn("delivery.finish_stale", { delivery });
  for (const { s: subscription, breaker } of settled.lanes) {
    if (breaker !== "closed") log.info("lane.breaker", { subscription, breaker });
  }
  for (const { s: subscription, shop, reason } of settled.disabled) {
    log.warn("subscription.disabled", { subscription, shop, reason });
  }
}
