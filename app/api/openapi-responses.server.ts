// What OpenAPI says of answers: the document of each status, and the headers that come with it.
import type { Refusal } from "../loyalty/refusal.ts";
import { inWords } from "../loyalty/refusal-words.ts";
import type { DescribedOperation, Reference, Response, Schema } from "./openapi.ts";
import { MEDIA_TYPE } from "./operation.ts";
import type { Operation } from "./operation.ts";
import { statusOf, TOO_MANY, WITHOUT_KEY } from "./problem.ts";

const header = (description: string, type: string) => ({ description, schema: { type } });

/** Every header that an answer may carry beside those of any HTTP answer. */
export const HEADERS = {
  "RateLimit-Limit": header("Requests that may come at once.", "integer"),
  "RateLimit-Remaining": header("Requests that may follow at once.", "integer"),
  "RateLimit-Reset": header("Seconds until all of them may again.", "integer"),
  "Retry-After": header("Seconds to wait before the next request.", "integer"),
  "Idempotency-Replayed": header(
    "With an Idempotency-Key: whether this is the answer that was kept for it.",
    "boolean",
  ),
  "WWW-Authenticate": header("`Bearer`: how a key is sent.", "string"),
  Allow: header("The methods that the address knows, with commas between them.", "string"),
} as const;

type HeaderName = keyof typeof HEADERS;
const PACE: readonly HeaderName[] = ["RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"];

function headersOf(names: readonly HeaderName[]): Readonly<Record<string, Reference>> {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** The answer of an operation that was carried out. */
export function success({ status, method }: Operation, schema: Schema): DescribedOperation["responses"] {
  const headers = headersOf(method === "GET" ? PACE : [...PACE, "Idempotency-Replayed"]);
  return { [status]: { description: "Done.", headers, content: { [MEDIA_TYPE]: { schema } } } };
}

/** The answers of one that was refused, by status. */
export function problems(
  { method }: Operation,
  refusals: readonly Refusal[],
): DescribedOperation["responses"] {
  const byStatus = Map.groupBy(refusals, statusOf);
  const kept: readonly HeaderName[] = method === "GET" ? [] : ["Idempotency-Replayed"];
  return Object.fromEntries(
    [...byStatus].map(([status, together]) => [status, problem(together, headersAt(status, kept))]),
  );
}

function headersAt(status: number, kept: readonly HeaderName[]): readonly HeaderName[] {
  // Whose pace it is nobody knows then.
  if (status === WITHOUT_KEY) return ["WWW-Authenticate"];
  return [...PACE, ...(status === TOO_MANY ? (["Retry-After"] as const) : []), ...kept];
}

function problem(refusals: readonly Refusal[], headers: readonly HeaderName[]): Response {
  return {
    description: refusals.map((refusal) => `\`${refusal}\`: ${inWords(refusal)}`).join("\n\n"),
    headers: headersOf(headers),
    content: { [MEDIA_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}

/** What is answered where there is no operation. */
export const NOT_AN_OPERATION: Readonly<Record<string, Response>> = {
  NoAddress: problem(["path_unknown"], PACE),
  NoMethod: problem(["method_not_allowed"], [...PACE, "Allow"]),
};
