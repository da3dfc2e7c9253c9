// /v1/deliveries: the log, and sending again one by one.
import { z } from "zod";
import { accept, refuse } from "../loyalty/refusal.ts";
import { DELIVERY_REASONS } from "../webhooks/delivery-reason.ts";
import { findDelivery } from "../webhooks/find-delivery.server.ts";
import type { AttemptView } from "../webhooks/find-delivery.server.ts";
import { DELIVERY_STATES, listDeliveries } from "../webhooks/list-deliveries.server.ts";
import type { DeliveryFilter, DeliveryView } from "../webhooks/list-deliveries.server.ts";
import { MAX_SELECTED, replayOne, replaySelected } from "../webhooks/replay.server.ts";
import { commas, documentOf, operation, resource } from "./operation.ts";
import { listed, listOf, numberedPageQuery, pageOfQuery } from "./pages.ts";
import { time, timeOrNull } from "./time.ts";

const area = "webhooks";

const attributes = z.object({
  subscription_id: z.string(),
  event_id: z.string(),
  event: z.string().describe("The event type."),
  member_id: z.string().nullable(),
  order_id: z.string().nullable(),
  format: z.string(),
  state: z.enum(DELIVERY_STATES),
  reason: z
    .string()
    .nullable()
    .describe(`Why it is parked or cancelled: ${DELIVERY_REASONS.join(", ")}.`),
  attempts: z.int(),
  manual: z.boolean().describe("Sent again by hand."),
  next_attempt_at: time.nullable(),
  last_status: z.int().nullable(),
  last_failure: z.string().nullable(),
  created_at: time,
  settled_at: time.nullable(),
});
const Delivery = resource("delivery", attributes);

const attempt = z.object({
  number: z.int(),
  started_at: time,
  duration_ms: z.int(),
  manual: z.boolean(),
  status: z.int().nullable(),
  failure: z.string().nullable(),
  answer: z.string().nullable(),
});
const details = resource(
  "delivery",
  attributes.extend({
    body: z.string().nullable().describe("As sent; null once it was removed."),
    attempt_log: z.array(attempt).describe("The newest 200, oldest first."),
  }),
);

const attributesOf = (view: DeliveryView): z.output<typeof attributes> => ({
  subscription_id: view.subscriptionId,
  event_id: view.eventId,
  event: view.eventType,
  member_id: view.memberId,
  order_id: view.orderId,
  format: view.format,
  state: view.state,
  reason: view.reason,
  attempts: view.attempts,
  manual: view.manual,
  next_attempt_at: timeOrNull(view.dueAt),
  last_status: view.lastStatus,
  last_failure: view.lastFailure,
  created_at: view.createdAt.toISOString(),
  settled_at: timeOrNull(view.settledAt),
});

const present = (view: DeliveryView): z.output<typeof Delivery> => ({
  type: "delivery",
  id: view.id,
  attributes: attributesOf(view),
});

const presentAttempt = ({ number, startedAt, durationMs, manual, status, failure, answer }: AttemptView) => ({
  number,
  started_at: startedAt.toISOString(),
  duration_ms: durationMs,
  manual,
  status,
  failure,
  answer,
});

const filters = {
  "filter[state]": commas(z.enum(DELIVERY_STATES)).optional().describe("One or several, with commas."),
  "filter[event]": commas(z.string().max(64)).optional().describe("Event types, with commas."),
  "filter[subscription_id]": z.string().max(64).optional(),
  "filter[event_id]": z.string().max(64).optional(),
  "filter[member_id]": z.string().max(64).optional(),
  "filter[order_id]": z.string().max(64).optional(),
  "filter[created_from]": time.optional(),
  "filter[created_until]": time.optional().describe("Exclusive."),
};
const query = z.object({
  ...numberedPageQuery,
  ...filters,
  sort: z.enum(["-created_at", "created_at"]).optional().describe("-created_at unless said."),
});

function filterOf(asked: z.output<typeof query>): DeliveryFilter {
  const from = asked["filter[created_from]"];
  const until = asked["filter[created_until]"];
  const wanted = {
    states: asked["filter[state]"],
    eventTypes: asked["filter[event]"],
    subscriptionId: asked["filter[subscription_id]"],
    eventId: asked["filter[event_id]"],
    memberId: asked["filter[member_id]"],
    orderId: asked["filter[order_id]"],
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
  };
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
}

const reads = [
  operation({
    id: "listDeliveries",
    method: "GET",
    path: "/v1/deliveries",
    area,
    access: "read",
    summary: "List deliveries",
    query,
    status: 200,
    answer: listOf(Delivery),
    refusals: ["cursor_invalid", "page_too_far"],
    run: async (call) => {
      const { cursor, ...page } = pageOfQuery(call.query);
      const asked = { ...page, oldestFirst: call.query.sort === "created_at", after: cursor ?? null };
      const found = await listDeliveries(call.shopId, filterOf(call.query), asked);
      return listed(
        call,
        found.ok ? accept({ ...found.value, rows: found.value.deliveries }) : found,
        present,
      );
    },
  }),
  operation({
    id: "getDelivery",
    method: "GET",
    path: "/v1/deliveries/{id}",
    area,
    access: "read",
    summary: "Get a delivery with its attempts and the body as sent",
    status: 200,
    answer: documentOf(details),
    refusals: ["delivery_unknown"],
    run: async ({ shopId, params: { id = "" } }) => {
      const found = await findDelivery(shopId, id);
      if (found === null) return refuse("delivery_unknown");
      const { body, list } = found;
      const told = { ...attributesOf(found), body, attempt_log: list.map(presentAttempt) };
      return accept({ data: { type: "delivery" as const, id, attributes: told } });
    },
  }),
];

const counts = z.object({
  replayed: z.int().describe("Go out now."),
  skipped: z.int().describe("Under way, erased, or their subscription is not enabled."),
});

const again = [
  operation({
    id: "replayDelivery",
    method: "POST",
    path: "/v1/deliveries/{id}/replay",
    area,
    access: "full",
    summary: "Send a delivery again",
    about: "The same bytes and id, as one more attempt of the same delivery.",
    status: 202,
    answer: z.object({ meta: counts }),
    refusals: [
      "delivery_unknown",
      "subscription_unknown",
      "subscription_not_enabled",
      "body_removed",
      "delivery_under_way",
    ],
    run: async ({ within, params: { id = "" } }) => {
      const done = await replayOne(within, id);
      return done.ok ? accept({ meta: done.value }) : done;
    },
  }),
  operation({
    id: "replayDeliveries",
    method: "POST",
    path: "/v1/deliveries/replay",
    area,
    access: "full",
    summary: "Send chosen deliveries again",
    body: z.strictObject({ delivery_ids: z.array(z.string().max(64)).min(1).max(MAX_SELECTED) }),
    example: { delivery_ids: ["dlv_01JD8Q2ZC4K6M8P0R2T4V6X8Z4"] },
    status: 202,
    answer: z.object({ meta: counts }),
    refusals: [],
    run: async ({ within, body }) => {
      const done = await replaySelected(within, body.delivery_ids);
      return done.ok ? accept({ meta: done.value }) : done;
    },
  }),
];

/** All of /v1/deliveries. */
export const deliveries = [...reads, ...again];
