// /v1/webhook-subscriptions: Mage's resource, and what Laurel adds to it.
import { z } from "zod";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import type { Within } from "../platform/db.server.ts";
import { refuseName } from "../webhooks/endpoint-name.server.ts";
import { FORMAT_NAMES } from "../webhooks/formats/formats.ts";
import { findSubscription, listSubscriptions, readHeaders } from "../webhooks/list-subscriptions.server.ts";
import type { SubscriptionView } from "../webhooks/list-subscriptions.server.ts";
import { mayChangeWebhooks } from "../webhooks/may-change.server.ts";
import { createSubscription, editSubscription } from "../webhooks/save-subscription.server.ts";
import type { SubscriptionForm } from "../webhooks/subscription-form.ts";
import { deleteSubscription, switchSubscription } from "../webhooks/switch-subscription.server.ts";
import { operation } from "./operation.ts";
import { listed, listOf, numberedPageQuery, pageOfAll } from "./pages.ts";
import { webhookSubscriptionActions } from "./webhook-subscription-actions.server.ts";
import {
  after,
  oneSubscription,
  present,
  shown,
  shownWith,
  Subscription,
  withSecret,
} from "./webhook-subscription.server.ts";

const settings = {
  url: z.string().max(4_096).describe("HTTPS, port 443 or 8443, a host on the public internet."),
  events: z
    .array(z.string().max(64))
    .max(100)
    .describe(
      "Event types; see /v1/event-types. There is no `*`: a type that is added later reaches nobody unasked.",
    ),
  description: z.string().max(1_000).optional(),
  format: z.enum(FORMAT_NAMES).optional().describe("The payload's format; laurel unless said."),
  headers: z
    .record(z.string().max(256), z.string().max(4_096))
    .optional()
    .describe("Sent with every request."),
  rate_per_second: z
    .int()
    .nullable()
    .optional()
    .describe("Requests a second at the most; null for no limit."),
};

const at = "/v1/webhook-subscriptions";
const area = "webhooks";
// prettier-ignore
const savingRefusals = [
  "url_malformed", "url_too_long", "url_not_https", "url_port_refused", "url_has_credentials", "url_host_refused",
  "url_unresolvable", "event_types_missing", "event_type_unknown", "event_type_not_in_format", "headers_too_many",
  "header_name_invalid", "header_name_reserved", "header_name_twice", "header_value_invalid", "description_too_long",
  "rate_invalid",
] as const;

const reads = [
  operation({
    id: "listWebhookSubscriptions",
    method: "GET",
    path: at,
    area,
    access: "read",
    summary: "List webhook subscriptions",
    about: "Oldest first. A shop has twenty at the most: one page, unless you ask for smaller ones.",
    query: z.object({
      ...numberedPageQuery,
      "filter[state]": z.enum(["enabled", "paused", "disabled"]).optional(),
      sort: z.enum(["created_at", "-created_at"]).optional().describe("created_at unless said."),
    }),
    status: 200,
    answer: listOf(Subscription),
    refusals: ["cursor_invalid", "page_too_far"],
    run: async (call) => {
      const { "filter[state]": state, sort } = call.query;
      const all = await listSubscriptions(call.shopId);
      const rows = state === undefined ? all : all.filter((view) => view.state === state);
      const downward = sort === "-created_at";
      const textOf = (view: SubscriptionView) => `${view.createdAt.toISOString()} ${view.id}`;
      const page = pageOfAll(downward ? rows.toReversed() : rows, call.query, { textOf, downward });
      return listed(call, page, present);
    },
  }),
  operation({
    id: "getWebhookSubscription",
    method: "GET",
    path: `${at}/{id}`,
    area,
    access: "read",
    summary: "Get a webhook subscription with its health",
    status: 200,
    answer: oneSubscription,
    refusals: ["subscription_unknown"],
    run: ({ shopId, params }) => shown(shopId, params["id"] ?? ""),
  }),
];

/** The endpoint's name is looked up where the shop may have webhooks at all. */
const askName = async (shopId: ShopId, url: string) =>
  (await mayChangeWebhooks(shopId)) ? refuseName(url) : null;

const create = operation({
  id: "createWebhookSubscription",
  method: "POST",
  path: at,
  area,
  access: "full",
  summary: "Create a webhook subscription",
  about: "The signing secret is in this answer and never again.",
  body: z.strictObject(settings),
  example: { url: "https://example.com/webhooks", events: ["points.earned", "customer.tier_upgrade"] },
  status: 201,
  tellsSecret: true,
  answer: withSecret,
  refusals: [...savingRefusals, "subscriptions_too_many"],
  ask: ({ shopId, body }) => askName(shopId, body.url),
  run: async ({ within, body }) => {
    const created = await createSubscription(within, {
      url: body.url,
      format: body.format ?? "laurel",
      eventTypes: body.events,
      description: body.description ?? "",
      headers: Object.entries(body.headers ?? {}),
      ratePerSecond: body.rate_per_second ?? null,
    });
    return created.ok ? shownWith(within, created.value.id, created.value.secret) : created;
  },
});

const changes = z.strictObject({ ...settings, is_active: z.boolean() }).partial();

async function update(within: Within, id: string, body: z.output<typeof changes>) {
  const found = await findSubscription(within, id);
  if (found === null) return refuse("subscription_unknown");
  const { is_active: active, ...edited } = body;
  if (Object.keys(edited).length > 0) {
    const headers = edited.headers ?? (await readHeaders(within, id));
    if (headers === null) return refuse("secret_unreadable");
    const saved = await editSubscription(within, id, found.revision, formFrom(found, { ...edited, headers }));
    if (!saved.ok) return saved;
  }
  if (active === undefined || active === (found.state === "enabled")) return shown(within, id);
  return after(await switchSubscription(within, id, active ? "enabled" : "disabled"), within, id);
}

function formFrom(
  found: SubscriptionView,
  edited: Omit<z.output<typeof changes>, "is_active"> & { headers: Record<string, string> },
): SubscriptionForm {
  return {
    url: edited.url ?? found.url,
    format: edited.format ?? found.format,
    eventTypes: edited.events ?? found.eventTypes,
    description: edited.description ?? found.description,
    headers: Object.entries(edited.headers),
    ratePerSecond: edited.rate_per_second === undefined ? found.ratePerSecond : edited.rate_per_second,
  };
}

const edits = [
  operation({
    id: "updateWebhookSubscription",
    method: "PATCH",
    path: `${at}/{id}`,
    area,
    access: "full",
    summary: "Update a webhook subscription",
    about: "Only what is sent changes. What still waits goes to the new URL.",
    body: changes,
    example: { description: "Warehouse", is_active: true },
    status: 200,
    answer: oneSubscription,
    refusals: [...savingRefusals, "subscription_unknown", "form_stale", "secret_unreadable"],
    ask: ({ shopId, body }) => (body.url === undefined ? Promise.resolve(null) : askName(shopId, body.url)),
    run: ({ within, params, body }) => update(within, params["id"] ?? "", body),
  }),
  operation({
    id: "deleteWebhookSubscription",
    method: "DELETE",
    path: `${at}/{id}`,
    area,
    access: "full",
    summary: "Delete a webhook subscription",
    about: "What it is still owed is cancelled; its log stays for ninety days.",
    status: 200,
    answer: z.object({
      meta: z.object({ cancelled: z.int().describe("Deliveries that will not be sent.") }),
    }),
    refusals: ["subscription_unknown"],
    run: async ({ within, params }) => {
      const deleted = await deleteSubscription(within, params["id"] ?? "");
      return deleted.ok ? accept({ meta: deleted.value }) : deleted;
    },
  }),
];

/** All of /v1/webhook-subscriptions. */
export const webhookSubscriptions = [...reads, create, ...edits, ...webhookSubscriptionActions];
