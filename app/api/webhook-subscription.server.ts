// The resource "webhook_subscription": what the API tells of one, and how it is shown after a change.
import { z } from "zod";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { Within } from "../platform/db.server.ts";
import { findSubscription } from "../webhooks/list-subscriptions.server.ts";
import type { SubscriptionView } from "../webhooks/list-subscriptions.server.ts";
import { documentOf, resource } from "./operation.ts";
import { time, timeOrNull } from "./time.ts";

const attributes = z.object({
  url: z.string(),
  events: z.array(z.string()),
  description: z.string(),
  is_active: z.boolean().describe("Whether events are sent: the state is enabled."),
  state: z.enum(["enabled", "paused", "disabled"]),
  disabled_reason: z.string().nullable(),
  format: z.string(),
  header_names: z
    .array(z.string())
    .describe("Of the headers sent with every request; values are never told."),
  rate_per_second: z.int().nullable(),
  rotation_ends_at: time.nullable().describe("Until then two secrets sign; null where one signs alone."),
  health: z.object({
    attempts: z.int().describe("Of the last 24 hours."),
    success_rate: z.number().nullable().describe("0 to 1."),
    p95_ms: z.int().nullable(),
    waiting: z.int().describe("Pending deliveries; 5,000 are counted at the most."),
    failed: z.int().describe("Failed and parked deliveries among the newest 5,000."),
    breaker: z.enum(["closed", "open", "half_open"]),
    last_success_at: time.nullable(),
    last_failure_at: time.nullable(),
    last_failure: z.string().nullable(),
  }),
  created_at: time,
  updated_at: time,
});
export const Subscription = resource("webhook_subscription", attributes);
const secret = z.string().describe("Shown now and never again.");

/** A subscription as the API tells it. */
export function present({ id, health, ...view }: SubscriptionView): z.output<typeof Subscription> {
  return {
    type: "webhook_subscription",
    id,
    attributes: {
      url: view.url,
      events: view.eventTypes,
      description: view.description,
      is_active: view.state === "enabled",
      state: view.state,
      disabled_reason: view.disabledReason,
      format: view.format,
      header_names: view.headerNames,
      rate_per_second: view.ratePerSecond,
      rotation_ends_at: timeOrNull(view.rotationEndsAt),
      health: {
        attempts: health.attempts,
        success_rate: health.successRate,
        p95_ms: health.p95Ms,
        waiting: health.waiting,
        failed: health.failed,
        breaker: health.breaker,
        last_success_at: timeOrNull(health.lastSuccessAt),
        last_failure_at: timeOrNull(health.lastFailureAt),
        last_failure: health.lastFailure,
      },
      created_at: view.createdAt.toISOString(),
      updated_at: view.updatedAt.toISOString(),
    },
  };
}

/** A subscription as it is now. */
export async function shown(within: Within, id: string) {
  const found = await findSubscription(within, id);
  return found === null ? refuse("subscription_unknown") : accept({ data: present(found) });
}

/** A subscription as it is once `done` was accepted. */
export async function after(done: Result<unknown>, within: Within, id: string) {
  return done.ok ? shown(within, id) : done;
}

export const oneSubscription = documentOf(Subscription);
/** Of the answers that tell a secret. */
export const withSecret = documentOf(Subscription.extend({ attributes: attributes.extend({ secret }) }));

/** A subscription as it is now, with the secret that is told this once. */
export async function shownWith(within: Within, id: string, told: string) {
  const found = await shown(within, id);
  if (!found.ok) return found;
  const { data } = found.value;
  return accept({ data: { ...data, attributes: { ...data.attributes, secret: told } } });
}
