// Every no of the API: a refusal as a JSON:API error, with its status.
import { z } from "zod";
import { REFUSALS } from "../loyalty/refusal.ts";
import type { Refusal, Refused } from "../loyalty/refusal.ts";
import { inWords } from "../loyalty/refusal-words.ts";

/** What a refusal is answered with; 422 for every other one. */
const STATUS: Readonly<Partial<Record<Refusal, number>>> = {
  body_not_json: 400,
  body_not_utf8: 400,
  request_invalid: 400,
  cursor_invalid: 400,
  api_key_missing: 401,
  api_key_unknown: 401,
  api_key_may_not: 403,
  plan_too_low: 403,
  shop_read_only: 403,
  path_unknown: 404,
  member_unknown: 404,
  subscription_unknown: 404,
  delivery_unknown: 404,
  replay_unknown: 404,
  event_unknown: 404,
  method_not_allowed: 405,
  form_stale: 409,
  source_reused: 409,
  rotation_under_way: 409,
  rotation_not_under_way: 409,
  replay_under_way: 409,
  delivery_under_way: 409,
  subscription_not_enabled: 409,
  subscriptions_too_many: 409,
  idempotency_key_reused: 409,
  idempotency_key_in_use: 409,
  body_removed: 410,
  body_too_large: 413,
  body_type_unknown: 415,
  too_many_requests: 429,
  tests_too_many: 429,
  failed: 500,
  secret_unreadable: 500,
};

/** The HTTP status of a refusal. */
export function statusOf(refusal: Refusal): number {
  return STATUS[refusal] ?? 422;
}

const error = z.object({
  status: z.string().describe("The HTTP status, as text."),
  code: z.enum(REFUSALS).describe("For programs: never changes."),
  title: z.string().describe("For people."),
  detail: z.string().optional(),
  source: z.object({ pointer: z.string().optional(), parameter: z.string().optional() }).optional(),
});

/** The document of every answer from 400 on. */
export const Problem = z.object({ errors: z.array(error).min(1) });

export type Fault = Refused & { readonly parameter?: string };

/** The answer's body for one or several refusals of the same status. `field` is a JSON pointer's path, with dots. */
export function problemOf(faults: readonly Fault[]): z.output<typeof Problem> {
  return { errors: faults.map(errorOf) };
}

function errorOf({ refusal, field, detail, parameter = PARAMETERS[refusal] }: Fault): z.output<typeof error> {
  const pointer = field === undefined ? {} : { source: { pointer: `/${snake(field).replaceAll(".", "/")}` } };
  return {
    status: String(statusOf(refusal)),
    code: refusal,
    title: inWords(refusal),
    ...(detail === undefined ? {} : { detail }),
    ...(parameter === undefined ? pointer : { source: { parameter } }),
  };
}

const PARAMETERS: Readonly<Partial<Record<Refusal, string>>> = {
  cursor_invalid: "page[cursor]",
  page_too_far: "page[number]",
};
// Use cases name the fields of their own types; the API writes them as its bodies do.
const NAMES: Readonly<Record<string, string>> = {
  eventTypes: "events",
  points: "adjustment",
  ratePerSecond: "rate_per_second",
};
const snake = (field: string) => NAMES[field] ?? field;
