// The AsyncAPI document: whole, and true of every event and of every request.
import { schemas } from "@asyncapi/specs";
import Ajv from "ajv";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { asyncApiDocument } from "../../app/events/asyncapi.ts";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { signedHeaders, signingKey } from "../../app/webhooks/signature.server.ts";

const Ref = z.object({ $ref: z.string() });
/** What the tests below look at; the specification's own schema looks at the whole. */
const Document = z.object({
  channels: z.object({ webhooks: z.object({ messages: z.record(z.string(), Ref) }) }),
  operations: z.object({ sendEvent: z.object({ messages: z.array(Ref) }) }),
  components: z.object({
    messages: z.record(
      z.string(),
      z.object({
        payload: z.record(z.string(), z.unknown()),
        examples: z.array(z.object({ payload: z.unknown() })).length(1),
      }),
    ),
    schemas: z.object({
      headers: z.object({ properties: z.record(z.string(), z.unknown()), required: z.array(z.string()) }),
    }),
  }),
});

const plain: unknown = JSON.parse(JSON.stringify(asyncApiDocument("https://laurel.example")));
const document = Document.parse(plain);
const ajv = new Ajv({ allErrors: true });

function at(reference: string): unknown {
  const path = reference.replace(/^#\//, "").split("/");
  return path.reduce((node, key) => (node as Record<string, unknown> | undefined)?.[key], plain);
}

test("is AsyncAPI 3.0 by the specification's own schema", () => {
  const specification = structuredClone(schemas["3.0.0"]);
  // Ajv brings the schema of schemas itself.
  delete specification.definitions?.["http://json-schema.org/draft-07/schema"];
  const fits = new Ajv({ unknownFormats: "ignore" }).compile(specification);
  expect({ fits: fits(plain), errors: fits.errors }).toEqual({ fits: true, errors: null });
});

test("has a message for each event type, and no reference into nothing", () => {
  expect(Object.keys(document.components.messages)).toEqual(EVENT_TYPES);
  expect(Object.keys(document.channels.webhooks.messages)).toEqual(EVENT_TYPES);
  expect(document.operations.sendEvent.messages).toHaveLength(EVENT_TYPES.length);
  const references = [...JSON.stringify(plain).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref = ""]) => ref);
  expect(references.filter((reference) => at(reference) === undefined)).toEqual([]);
});

describe.each(EVENT_TYPES)("%s", (type) => {
  const message = document.components.messages[type];
  const example = message?.examples[0]?.payload as { data: object };
  const fits = ajv.compile(message?.payload ?? {});

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
  const { properties, required } = document.components.schemas.headers;
  const message = { id: "evt_1", type: "test", attempt: 1, body: Buffer.from("{}"), at: new Date() };
  const key = signingKey("whsec_AQgPFh0kKzI5QEdOVVxjanF4f4aNlJuiqbC3vsXM09o=");
  const sent = (next: typeof key | null) =>
    Object.keys(signedHeaders({ current: key, next }, message)).sort();
  expect(required.toSorted()).toEqual(sent(null));
  expect(Object.keys(properties).sort()).toEqual(sent(key));
});
