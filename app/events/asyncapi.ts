// The webhooks as an AsyncAPI 3 document: one message for each event type, from the catalogue's own schemas.
import { catalogueRow, EVENT_TYPES } from "./catalogue.ts";
import type { EventType } from "./catalogue.ts";
import { API_VERSION, envelopeSchema, exampleEnvelope } from "./envelope.ts";
import { jsonSchemaOf } from "./json-schema.ts";

const HEADERS = {
  "X-Webhook-Event": "The event type.",
  "X-Webhook-Id": "The event's id: the same on every attempt and every replay.",
  "X-Webhook-Attempt": "1, 2, …; counts a replay's attempts too.",
  "X-Webhook-Timestamp": "ISO 8601 with milliseconds, fresh on every attempt.",
  "X-Webhook-Signature":
    "`sha256=` and the lower-case hex of HMAC-SHA256, keyed by the secret as text, over `X-Webhook-Timestamp`, a dot and the raw body.",
  "webhook-id": "As `X-Webhook-Id`.",
  "webhook-timestamp": "Unix seconds, fresh on every attempt.",
  "webhook-signature":
    "Standard Webhooks 1.0: `v1,` and base64, separated by spaces, one for each live secret.",
} as const;

const SIGNATURE_NEXT =
  "Only while the secret is rotated: as `X-Webhook-Signature`, made with the new secret.";

/** A message, as far as the page of the events reads it: `payload` is JSON Schema of the whole body. */
export type Message = {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string }[];
  readonly payload: object;
  readonly examples: readonly { readonly payload: object }[];
};

/** The document, as far as the page of the events reads it. */
export type AsyncApi = {
  readonly info: { readonly title: string; readonly description: string };
  readonly components: {
    readonly messages: Readonly<Record<string, Message>>;
    readonly schemas: { readonly headers: object };
  };
};

const text = (description: string) => ({ type: "string", description });

/**
 * The document, of AsyncAPI 3.0.
 * @param origin where this Laurel runs, as `https://laurel.example`
 */
export function asyncApiDocument(origin: string): AsyncApi {
  const document = {
    asyncapi: "3.0.0",
    id: `${origin}/v1/asyncapi.json`,
    info: {
      title: "Laurel webhooks",
      version: API_VERSION,
      description:
        "What Laurel sends to a subscription in its own format: at least once, in no promised order. Fields may be added, never renamed or removed.",
    },
    defaultContentType: "application/json",
    channels: {
      webhooks: {
        address: null,
        title: "A subscription's endpoint",
        description: "The HTTPS address that the merchant gave, and the event types that were asked for.",
        messages: Object.fromEntries(
          EVENT_TYPES.map((type) => [type, { $ref: `#/components/messages/${type}` }]),
        ),
      },
    },
    operations: {
      sendEvent: {
        action: "send",
        channel: { $ref: "#/channels/webhooks" },
        title: "Send an event",
        bindings: { http: { method: "POST", bindingVersion: "0.3.0" } },
        messages: EVENT_TYPES.map((type) => ({ $ref: `#/channels/webhooks/messages/${type}` })),
      },
    },
    components: {
      messages: Object.fromEntries(EVENT_TYPES.map((type) => [type, message(type)])),
      schemas: { headers: headers() },
    },
  };
  return document;
}

function headers(): object {
  const properties = Object.entries({ ...HEADERS, "X-Webhook-Signature-Next": SIGNATURE_NEXT });
  return {
    type: "object",
    required: Object.keys(HEADERS),
    properties: Object.fromEntries(properties.map(([name, description]) => [name, text(description)])),
  };
}

function message(type: EventType) {
  const { title, about, group } = catalogueRow(type);
  // `input` leaves an object open to fields that are added later.
  const payload = jsonSchemaOf(envelopeSchema(type), { target: "draft-7" });
  return {
    name: type,
    title,
    description: about,
    tags: [{ name: group }],
    contentType: "application/json",
    headers: { $ref: "#/components/schemas/headers" },
    // Draft 7 is what AsyncAPI takes where nothing is said.
    payload,
    examples: [{ name: type, payload: exampleEnvelope(type) }],
  };
}
