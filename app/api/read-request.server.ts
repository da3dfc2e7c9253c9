// A request as an operation wants it: parameters and body read by its schemas, or what is wrong with each field.
import type { z } from "zod";
import { refuse } from "../loyalty/refusal.ts";
import { holdsNul, isStorable } from "../platform/storable.ts";
import { quoteNumbers } from "../shopify/quote-numbers.ts";
import { readBody } from "../shopify/read-body.server.ts";
import type { Incoming } from "../shopify/read-body.server.ts";
import { MEDIA_TYPE } from "./operation.ts";
import type { Operation } from "./operation.ts";
import type { Fault } from "./problem.ts";
import { sayIssue } from "./say-issue.ts";

export const MAX_BODY_BYTES = 64 * 1024;
const FAULTS_MAX = 20;
const UNREAD = { body_too_long: "body_too_large", too_many_bodies: "too_many_requests" } as const;
const JSON_TYPES = ["application/json", MEDIA_TYPE];

type Unread = { ok: false; faults: readonly Fault[] };
export type Read<Value> = { ok: true; value: Value } | Unread;
/** `at`: where in what was sent the body stood, as a fault's place begins. */
export type ReadBody = { ok: true; value: unknown; at: string } | Unread;

const no = (...faults: Fault[]): Unread => ({ ok: false, faults });

/** Reads the address's query. Refuses a parameter that the operation does not have, or that comes twice. */
export function readQuery({ query: schema }: Operation, url: URL): Read<unknown> {
  if (holdsNul(url.href)) return no(refuse("request_invalid", { detail: "A NUL cannot be in an address." }));
  const names = [...new Set(url.searchParams.keys())];
  const known = Object.keys(schema?.shape ?? {});
  const strange = names.filter((name) => !known.includes(name) || url.searchParams.getAll(name).length > 1);
  if (strange.length > 0) {
    return no(
      ...strange
        .slice(0, FAULTS_MAX)
        .map((name) => ({ ...refuse("request_invalid", UNKNOWN), parameter: name })),
    );
  }
  const parsed = schema?.safeParse(Object.fromEntries(url.searchParams));
  if (parsed === undefined || parsed.success) return { ok: true, value: parsed?.data ?? {} };
  return no(
    ...faultsOf(parsed.error).map(({ path, sentence }) => ({
      ...refuse("request_invalid", { detail: sentence }),
      // One of several values behind a parameter's commas is that parameter's.
      parameter: path.split(".")[0] ?? path,
    })),
  );
}

const UNKNOWN = { detail: "There is no such parameter here, or it is there twice." };

/** Reads the raw body: null where the operation takes none. Refuses one that is too large or of another media type. */
export async function readRaw({ body }: Operation, request: Request): Promise<Read<string>> {
  const read = await readBody(incoming(request), MAX_BODY_BYTES);
  if (!read.ok) return no(refuse(UNREAD[read.refusal]));
  const { bytes } = read;
  if (bytes.length === 0 || body === undefined) return { ok: true, value: "" };
  const type = (request.headers.get("Content-Type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  if (!JSON_TYPES.includes(type)) return no(refuse("body_type_unknown"));
  try {
    return { ok: true, value: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return no(refuse("body_not_utf8"));
  }
}

function incoming({ headers, body }: Request): Incoming {
  return {
    headers: Object.fromEntries(headers),
    async *[Symbol.asyncIterator]() {
      // Node's streams can be walked; the types of the browser's do not say so.
      if (body !== null) yield* body as unknown as AsyncIterable<Uint8Array>;
    },
  };
}

/** Reads the body by the operation's schema; a JSON:API document's `data.attributes` are taken for the body itself. */
export function parseBody({ body: schema }: Operation, text: string): ReadBody {
  if (schema === undefined) return { ok: true, value: undefined, at: "" };
  // The walk that Shopify's bodies take ends where brackets are nested too deep to be handled by anything after it.
  if (quoteNumbers(text) === null) return no(refuse("body_too_deep"));
  let sent: unknown = {};
  try {
    if (text !== "") sent = JSON.parse(text);
  } catch {
    return no(refuse("body_not_json"));
  }
  if (!isStorable(sent))
    return no(refuse("request_invalid", { detail: "A text holds what cannot be stored." }));
  const [attributes, at] = attributesOf(sent);
  const parsed = schema.safeParse(attributes);
  if (parsed.success) return { ok: true, value: parsed.data, at };
  return no(
    ...faultsOf(parsed.error).map(({ path, sentence }) =>
      refuse("request_invalid", { detail: sentence, ...(path === "" ? {} : { field: at + path }) }),
    ),
  );
}

/** The attributes, and where they stand in what was sent. */
function attributesOf(sent: unknown): [unknown, string] {
  const data = (sent as { data?: { attributes?: unknown } } | null)?.data;
  return data?.attributes === undefined ? [sent, ""] : [data.attributes, "data.attributes."];
}

const faultsOf = ({ issues }: z.ZodError) => issues.flatMap(sayIssue).slice(0, FAULTS_MAX);
