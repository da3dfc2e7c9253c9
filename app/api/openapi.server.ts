// The API as an OpenAPI 3.1 document, made from the table of its operations: what is served is what is described.
import type { z } from "zod";
import { API_VERSION } from "../events/envelope.ts";
import { jsonSchemaOf } from "../events/json-schema.ts";
import type { Refusal } from "../loyalty/refusal.ts";
import type { DescribedOperation, OpenApi, Parameter, Schema } from "./openapi.ts";
import { IDEMPOTENCY_HEADER, KEY_PATTERN } from "./idempotency.server.ts";
import type { Operation } from "./operation.ts";
import { OPERATIONS } from "./operations.server.ts";
import { HEADERS, NOT_AN_OPERATION, problems, success } from "./openapi-responses.server.ts";
import { Problem } from "./problem.ts";
import { BURST, REQUESTS_PER_SECOND } from "./rate-limit.ts";

const ABOUT = `JSON:API documents. Make a key on Settings > API keys and send it as \`Authorization: Bearer <key>\`, or without \`Bearer\`.

**Pace.** ${REQUESTS_PER_SECOND} requests a second for each key, ${BURST} at once; \`RateLimit-*\` headers tell what is left, and 429 comes with \`Retry-After\`.

**Once.** Every write takes an \`Idempotency-Key\`: the same request with the same key answers as the first did, for a day, with \`Idempotency-Replayed: true\`. A refusal is kept as well, unless it may pass: 409, 429, and a name that leads nowhere. The work and its answer are one transaction: the retry of a request that failed does it, or finds its answer. Two operations cannot be one transaction: testing a subscription and stopping a replay. Where the answer of one of them is lost, its key is answered 409 \`idempotency_outcome_unknown\` and nothing is done again; they say how to see whether it was done. A key with another request is answered 409. Without a key, a repeated request is a new one.

**Bodies** are \`application/json\`: the attributes, bare or below \`data.attributes\`.

**Pages.** Ask by cursor or by number; \`links.next\` and \`links.prev\` are addresses to ask as they are. Fields may be added to answers, never renamed or removed.

**Refusals.** Every answer from 400 on is an error document: \`code\` is for programs, \`source\` names the place. 400 is a request that is wrong as it stands; 422 one that the customer's points do not allow. An address without an operation answers 404, one without the method 405 with \`Allow\`.`;

const TAGS = [
  { name: "customers", description: "The members of the program and their points." },
  { name: "events", description: "What happened, for who polls; and every event type." },
  { name: "webhooks", description: "Subscriptions, what they were sent, and sending it again." },
];

/** Any request with a key may be refused for these. */
const ALWAYS: readonly Refusal[] = [
  "request_invalid",
  "api_key_missing",
  "api_key_unknown",
  "api_key_may_not",
  "plan_too_low",
  "too_many_requests",
  "failed",
];
const OF_WRITES: readonly Refusal[] = ["shop_read_only", "idempotency_key_reused", "idempotency_key_in_use"];
const OF_SECRETS: readonly Refusal[] = ["secret_unreadable"];
const OF_LOST_ANSWERS: readonly Refusal[] = ["idempotency_outcome_unknown"];
const OF_BODIES: readonly Refusal[] = [
  "body_not_json",
  "body_not_utf8",
  "body_too_deep",
  "body_too_large",
  "body_type_unknown",
];

/** Every refusal that an operation may answer with. */
export function refusalsOf({ method, body, tellsSecret, seenAt, refusals }: Operation): Refusal[] {
  return [
    ...new Set([
      ...ALWAYS,
      ...(method === "GET" ? [] : OF_WRITES),
      ...(body === undefined ? [] : OF_BODIES),
      ...(tellsSecret === true ? OF_SECRETS : []),
      ...(seenAt === undefined ? [] : OF_LOST_ANSWERS),
      ...refusals,
    ]),
  ];
}

/**
 * The document.
 * @param origin where this Laurel runs, as `https://laurel.example`
 */
export function openApiDocument(origin: string): OpenApi {
  const paths = new Map<string, Record<string, DescribedOperation>>();
  for (const operation of OPERATIONS) {
    const methods = paths.get(operation.path) ?? {};
    paths.set(operation.path, { ...methods, [operation.method.toLowerCase()]: described(operation) });
  }
  return {
    openapi: "3.1.0",
    info: { title: "Laurel REST API", version: API_VERSION, description: ABOUT },
    servers: [{ url: origin }],
    security: [{ apiKey: [] }],
    tags: TAGS,
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer", description: "A key of Settings > API keys." },
      },
      schemas: { Problem: schemaOf(Problem) },
      headers: HEADERS,
      responses: NOT_AN_OPERATION,
    },
  };
}

// Open to fields that are added later.
function schemaOf(schema: z.ZodType, io: "input" | "output" = "input"): Schema {
  return jsonSchemaOf(schema, { io }) as Schema;
}

function described(operation: Operation): DescribedOperation {
  const { id, area, access, summary, about, method, body, example, seenAt } = operation;
  return {
    operationId: id,
    tags: [area],
    summary,
    description: [
      about,
      seenAt === undefined ? undefined : `Where the answer to a request with a key was lost, see ${seenAt}`,
      `Needs a key with ${access === "full" ? "full access" : "read access"} to ${area}.`,
    ]
      .filter((paragraph) => paragraph !== undefined)
      .join("\n\n"),
    parameters: [
      ...pathParameters(operation.path),
      ...queryParameters(operation),
      ...(method === "GET" ? [] : [IDEMPOTENCY_PARAMETER]),
    ],
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: !body.safeParse({}).success,
            content: {
              "application/json": { schema: schemaOf(body), ...(example === undefined ? {} : { example }) },
            },
          },
        }),
    responses: {
      ...success(operation, schemaOf(operation.answer)),
      ...problems(operation, refusalsOf(operation)),
    },
  };
}

const IDEMPOTENCY_PARAMETER = {
  name: IDEMPOTENCY_HEADER,
  in: "header",
  description: "1 to 200 visible characters; the request is carried out once for each, for a day.",
  schema: { type: "string", pattern: KEY_PATTERN },
};

function pathParameters(path: string): Parameter[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  return names.map((name) => ({
    name,
    in: "path",
    description: "",
    required: true,
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: Operation): Parameter[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => {
    const { description = "", ...shape } = schemaOf(schema as z.ZodType, "output");
    const commas = shape.type === "array" ? { style: "form", explode: false } : {};
    return { name, in: "query", description, schema: shape, ...commas };
  });
}
