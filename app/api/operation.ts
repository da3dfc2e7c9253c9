// What an operation of the API is: one record from which requests are read, answers are made and the documents written.
import { z } from "zod";
import type { ShopId } from "../loyalty/ids.ts";
import type { Refusal, Refused, Result } from "../loyalty/refusal.ts";
import type { Within } from "../platform/db.server.ts";
import type { ApiAccess, ApiArea } from "../shops/api-areas.ts";

/** Of every answer. */
export const MEDIA_TYPE = "application/vnd.api+json";

export type Method = "GET" | "POST" | "PATCH" | "DELETE";

/** A request that was read: `query` and `body` as the operation's schemas leave them. */
export type Call<Query = unknown, Body = unknown> = {
  readonly shopId: ShopId;
  /** Where a write works: in the transaction that also keeps its answer. */
  readonly within: Within;
  /** The id of the API key that asks. */
  readonly keyId: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  /** As sent; a use case may make its own promise of "once" from it. */
  readonly idempotencyKey: string | null;
  /** For links: path and query as asked, without the host. */
  readonly url: URL;
};

type Definition<Query extends z.ZodObject, Body extends z.ZodType, Answer extends z.ZodType> = {
  /** For generated clients: `listDeliveries`. */
  readonly id: string;
  readonly method: Method;
  /** With parameters in braces: `/v1/deliveries/{id}`. */
  readonly path: `/v1/${string}`;
  readonly area: ApiArea;
  readonly access: ApiAccess;
  readonly summary: string;
  readonly about?: string;
  readonly query?: Query;
  readonly body?: Body;
  /** A body to begin with. */
  readonly example?: z.input<Body>;
  readonly status: 200 | 201 | 202;
  /** Its answer tells a secret, once: a copy that is kept for a retry is sealed. */
  readonly tellsSecret?: true;
  readonly answer: Answer;
  /** Those beyond what any request may be refused for. */
  readonly refusals: readonly Refusal[];
  /** What is asked of the world outside first, before there is a transaction: a refusal, or null. */
  readonly ask?: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Refused | null>;
  readonly run: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Result<z.input<Answer>>>;
  /** Of a write that cannot be one transaction with its answer: how one sees whether it was done. */
  readonly seenAt?: string;
};

export type Operation = Omit<Definition<z.ZodObject, z.ZodType, z.ZodType>, "ask" | "run"> & {
  readonly ask?: (call: Call) => Promise<Refused | null>;
  readonly run: (call: Call) => Promise<Result<unknown>>;
};

/** Checks that an operation's parts fit one another, and forgets their types: the table holds operations of every shape. */
export function operation<
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Body extends z.ZodType = z.ZodUndefined,
  Answer extends z.ZodType = z.ZodType,
>(definition: Definition<Query, Body, Answer>): Operation {
  return definition as unknown as Operation;
}

/** The schema of one resource's document. */
export function resource<Attributes extends z.ZodObject>(type: string, attributes: Attributes) {
  return z.object({ type: z.literal(type), id: z.string(), attributes });
}

/** A document with one resource. */
export function documentOf<Resource extends z.ZodType>(data: Resource) {
  return z.object({ data });
}

const LISTED_MAX = 100;

/** A parameter that names one or several, with commas between them. */
export function commas<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .string()
    .transform((said) => said.split(","))
    .pipe(z.array(item).max(LISTED_MAX));
}
