// Every no of the API: a refusal as a JSON:API error, with its status.
import { z } from "zod";
import { REFUSALS } from "../loyalty/refusal.ts";
import type { Refusal, Refused } from "../loyalty/refusal.ts";
import { inWords } from "../loyalty/refusal-words.ts";

/** The status of a request without a known key. */
export const WITHOUT_KEY = 401;
/** The statuses of a no that a moment later may be a yes. */
export const TOO_MANY = 429;
export const CONFLICT = 409;

/** What a refusal is answered with; 400, a request that is wrong as it stands, for every other one. */
const STATUS: Readonly<Partial<Record<Refusal, number>>> = {
  api_key_missing: WITHOUT_KEY,
  api_key_unknown: WITHOUT_KEY,
  api_key_may_not: 403,
  plan_too_low: 403,
  shop_read_only: 403,
  member_inactive: 403,
  path_unknown: 404,
  member_unknown: 404,
  subscription_unknown: 404,
  delivery_unknown: 404,
  replay_unknown: 404,
  event_unknown: 404,
  method_not_allowed: 405,
  form_stale: CONFLICT,
  source_reused: CONFLICT,
  rotation_under_way: CONFLICT,
  rotation_not_under_way: CONFLICT,
  replay_under_way: CONFLICT,
  replay_ended: CONFLICT,
  delivery_under_way: CONFLICT,
  subscription_not_enabled: CONFLICT,
  subscriptions_too_many: CONFLICT,
  idempotency_key_reused: CONFLICT,
  idempotency_key_in_use: CONFLICT,
  idempotency_outcome_unknown: CONFLICT,
  body_removed: 410,
  body_too_large: 413,
  body_type_unknown: 415,
  insufficient_points: 422,
  too_many_requests: TOO_MANY,
  tests_too_many: TOO_MANY,
  failed: 500,
  secret_unreadable: 500,
};

/** The HTTP status of a refusal. */
export function statusOf(refusal: Refusal): number {
  return STATUS[refusal] ?? 400;
}

const error = z.object({
  status: z.string().describe("The HTTP status, as text."),
  code: z.enum(REFUSALS).describe("For programs: never changes."),
  title: z.string().describe("For people."),
  detail: z.string().optional().describe("What was found, or what to do."),
  source: z
    .object({
      pointer: z.string().optional().describe("A field of the body, as sent: a JSON pointer."),
      parameter: z.string().optional().describe("A parameter of the address."),
      header: z.string().optional(),
    })
    .optional(),
});

/** The document of every answer from 400 on. */
export const Problem = z.object({ errors: z.array(error).min(1) });

/** A refusal and its place: a field of the body as it was sent (with dots), or a parameter, or a header. */
export type Fault = Refused & { readonly parameter?: string; readonly header?: string };

/** A use case's refusal as a fault of the body that began at `place`, by the name that the API has for its field. */
export function faultAt(place: string, { field, ...refused }: Refused): Fault {
  return field === undefined ? refused : { ...refused, field: place + (FIELDS[field] ?? field) };
}

/** The answer's body for one or several refusals of the same status. */
export function problemOf(faults: readonly Fault[]): z.output<typeof Problem> {
  return { errors: faults.map(errorOf) };
}

function errorOf(fault: Fault): z.output<typeof error> {
  const { refusal, detail } = fault;
  const source = sourceOf(fault);
  return {
    status: String(statusOf(refusal)),
    code: refusal,
    title: inWords(refusal),
    ...(detail === undefined ? {} : { detail }),
    ...(source === null ? {} : { source }),
  };
}

function sourceOf({ refusal, field, header, parameter = PARAMETERS[refusal] }: Fault) {
  if (header !== undefined) return { header };
  if (parameter !== undefined) return { parameter };
  return field === undefined ? null : { pointer: `/${field.replaceAll(".", "/")}` };
}

const PARAMETERS: Readonly<Partial<Record<Refusal, string>>> = {
  cursor_invalid: "page[cursor]",
  page_too_far: "page[number]",
};
// Use cases name the fields of their own types; the API names them as its bodies do.
const FIELDS: Readonly<Record<string, string>> = {
  eventType: "event",
  eventTypes: "events",
  points: "adjustment",
  ratePerSecond: "rate_per_second",
};
