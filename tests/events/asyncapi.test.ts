// The AsyncAPI document: whole, and true of every event and of every request.
import Ajv from "ajv";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { asyncApiDocument } from "../../app/events/asyncapi.ts";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { signedHeaders, signingKey } from "../../app/webhooks/signature.server.ts";

const Ref = z.strictObject({ $ref: z.string() });
const Message = z.strictObject({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  tags: z.array(z.strictObject({ name: z.string() })),
  contentType: z.literal("application/json"),
  headers: Ref,
  payload: z.record(z.string(), z.unknown()),
  examples: z.array(z.strictObject({ name: z.string(), payload: z.unknown() })).length(1),
});
/** The fields that the specification of 3.0 asks for or allows, as far as the document uses them. */
const Document = z.strictObject({
  asyncapi: z.literal("3.0.0"),
  id: z.url(),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  defaultContentType: z.string(),
  channels: z.record(
    z.string().regex(/^[\w.-]+$/),
    z.strictObject({
      address: z.null(),
      title: z.string(),
      description: z.string(),
      messages: z.record(z.string().regex(/^[\w.-]+$/), Ref),
    }),
  ),
  operations: z.strictObject({
    sendEvent: z.strictObject({
      action: z.literal("send"),
      channel: Ref,
      title: z.string(),
      bindings: z.strictObject({
        http: z.strictObject({ method: z.literal("POST"), bindingVersion: z.string() }),
      }),
      messages: z.array(Ref),
    }),
  }),
  components: z.strictObject({
    messages: z.record(z.string(), Message),
    schemas: z.record(z.string(), z.looseObject({})),
  }),
});

const plain: unknown = JSON.parse(JSON.stringify(asyncApiDocument("https://laurel.example")));
const document = Document.parse(plain);
const ajv = new Ajv({ allErrors: true });

function at(reference: string): unknown {
  const path = reference.replace(/^#\//, "").split("/");
  return path.reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], plain);
}

test("has what the specification asks for, a message for each event type, and no reference into nothing", () => {
  expect(Object.keys(document.components.messages)).toEqual(EVENT_TYPES);
  expect(Object.keys(document.channels["webhooks"]?.messages ?? {})).toEqual(EVENT_TYPES);
  expect(document.operations.sendEvent.messages).toHaveLength(EVENT_TYPES.length);
  const references = [...JSON.stringify(plain).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = ""]) => ref);
  expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
});

describe.each(EVENT_TYPES)("%s", (type) => {
  const { payload, examples } = Message.parse(document.components.messages[type]);
  const example = examples[0]?.payload as { data: object };
  const fits = ajv.compile(payload);

  test("has an example that its JSON Schema accepts, with fields added later too", () => {
    expect({ fits: fits(example), errors: fits.errors }).toEqual({ fits: true, errors: null });
    expect(fits({ ...example, tomorrow: 1, data: { ...example.data, tomorrow: 1 } })).toBe(true);
  });

  test("has a JSON Schema that refuses another type, and any field missing", () => {
    expect(fits({ ...example, event: "another.type" })).toBe(false);
    for (const name of Object.keys(example)) expect(fits({ ...example, [name]: undefined })).toBe(false);
    for (const name of Object.keys(example.data)) {
      const data = Object.fromEntries(Object.entries(example.data).filter(([other]) => other !== name));
      expect(fits({ ...example, data })).toBe(false);
    }
  });
});

test("has the headers that are sent, no more and no fewer, with a rotation and without", () => {
  const { properties, required } = z
    .object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) })
    .parse(document.components.schemas["headers"]);
  const message = { id: "evt_1", type: "test", attempt: 1, body: Buffer.from("{}"), at: new Date() };
  const key = signingKey("whsec_AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o=");
  const sent = (next: typeof key | null) =>
    Object.keys(signedHeaders({ current: key, next }, message)).sort();
  expect(required.toSorted()).toEqual(sent(null));
  expect(Object.keys(properties).sort()).toEqual(sent(key));
});
