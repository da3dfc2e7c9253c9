// What is done to a webhook subscription beside editing it: switching, rotating its secret, testing.
import { z } from "zod";
import { accept } from "../loyalty/refusal.ts";
import { cancelRotation, finishRotation, rotateSecret } from "../webhooks/rotate-secret.server.ts";
import { sendTest } from "../webhooks/send-test.server.ts";
import { switchSubscription } from "../webhooks/switch-subscription.server.ts";
import type { SubscriptionState } from "../webhooks/switch-subscription.server.ts";
import { documentOf, operation, resource } from "./operation.ts";
import { after, oneSubscription, shownWith, withSecret } from "./webhook-subscription.server.ts";

const at = "/v1/webhook-subscriptions";
const area = "webhooks";

const SWITCHES: readonly { verb: string; to: SubscriptionState; about: string }[] = [
  { verb: "enable", to: "enabled", about: "What waited goes out; the breaker is closed." },
  { verb: "pause", to: "paused", about: "Nothing is sent; new events are kept for later." },
  { verb: "disable", to: "disabled", about: "Nothing is sent; new events owe it nothing." },
];

const switches = SWITCHES.map(({ verb, to, about }) =>
  operation({
    id: `${verb}WebhookSubscription`,
    method: "POST",
    path: `${at}/{id}/${verb}`,
    area,
    access: "full",
    summary: `${verb.charAt(0).toUpperCase()}${verb.slice(1)} a webhook subscription`,
    about,
    status: 200,
    answer: oneSubscription,
    refusals: ["subscription_unknown"],
    run: async ({ within, params: { id = "" } }) =>
      after(await switchSubscription(within, id, to), within, id),
  }),
);

const rotation = [
  operation({
    id: "rotateWebhookSecret",
    method: "POST",
    path: `${at}/{id}/rotate-secret`,
    area,
    access: "full",
    summary: "Rotate the signing secret",
    about:
      "Old and new sign together for 24 hours, or until the rotation is finished. Where the old one can no longer be opened, the new one signs alone from now on: `rotation_ends_at` is null. The new secret is told here only.",
    status: 200,
    tellsSecret: true,
    answer: withSecret,
    refusals: ["subscription_unknown", "rotation_under_way"],
    run: async ({ within, params: { id = "" } }) => {
      const rotated = await rotateSecret(within, id);
      return rotated.ok ? shownWith(within, id, rotated.value.secret) : rotated;
    },
  }),
  ...[
    { verb: "finish", end: finishRotation, about: "From here on only the new secret signs." },
    { verb: "cancel", end: cancelRotation, about: "The new secret is forgotten." },
  ].map(({ verb, end, about }) =>
    operation({
      id: `${verb}WebhookSecretRotation`,
      method: "POST",
      path: `${at}/{id}/rotate-secret/${verb}`,
      area,
      access: "full",
      summary: `${verb === "finish" ? "Finish" : "Cancel"} a rotation`,
      about,
      status: 200,
      answer: oneSubscription,
      refusals: ["subscription_unknown", "rotation_not_under_way"],
      run: async ({ within, params: { id = "" } }) => after(await end(within, id), within, id),
    }),
  ),
];

const TestAnswer = resource(
  "webhook_test",
  z.object({
    event_id: z.string(),
    delivered: z.boolean(),
    status: z.int().nullable().describe("What the endpoint answered."),
    failure: z.string().nullable(),
    answer: z.string().nullable().describe("The first 4 KiB of the endpoint's answer."),
    duration_ms: z.int(),
  }),
);

const test = operation({
  id: "testWebhookSubscription",
  method: "POST",
  path: `${at}/{id}/test`,
  area,
  access: "full",
  summary: "Send an event type's example as a test",
  about: "Sent once, at once; the answer of the endpoint is the answer here. The id is the delivery's.",
  example: { event: "points.earned" },
  body: z.strictObject({ event: z.string().max(64).optional().describe("An event type; test unless said.") }),
  status: 200,
  answer: documentOf(TestAnswer),
  refusals: [
    "subscription_unknown",
    "subscription_not_enabled",
    "event_type_unknown",
    "event_type_not_in_format",
    "tests_too_many",
    "secret_unreadable",
  ],
  seenAt: "`GET /v1/deliveries?filter[subscription_id]={id}`: a test that was sent is among the newest.",
  run: async ({ shopId, params, body }) => {
    const sent = await sendTest(shopId, params["id"] ?? "", body.event ?? "test");
    if (!sent.ok) return sent;
    const { deliveryId, eventId, delivered, status, error, answer, durationMs } = sent.value;
    const told = { event_id: eventId, delivered, status, failure: error, answer, duration_ms: durationMs };
    return accept({ data: { type: "webhook_test" as const, id: deliveryId, attributes: told } });
  },
});

/** All below /v1/webhook-subscriptions/{id} that is an action. */
export const webhookSubscriptionActions = [...switches, ...rotation, test];
