// For whoever receives Laurel's webhooks: is this request genuine and fresh, and which event does it tell?
import { EVENT_TYPES } from "./events.ts";
import type { LaurelEvent } from "./events.ts";
import { keyOf, signedAt } from "./signature.ts";

export type { EventData, EventType, LaurelEvent } from "./events.ts";

/** A web-standard `Request`, or its parts: the body as received, before any parsing. */
export type Incoming = Request | { headers: HeaderFields; body: string | Uint8Array };
export type HeaderFields =
  Iterable<[string, string]> | Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * - `bad_signature`: unsigned, signed with another secret, or changed on the way. Answer 401.
 * - `too_old`: genuine, but sent further from `now` than the tolerance, before or after. Answer 401.
 * - `malformed`: longer than 1 MiB, or not an event in Laurel's own format. Answer 400.
 * - `unknown_type`: genuine, of a type that is newer than this file. Answer 200: it would come again.
 */
export type Refusal = "bad_signature" | "too_old" | "malformed" | "unknown_type";
export type Verified = { ok: true; event: LaurelEvent } | { ok: false; refusal: Refusal };
export type Options = { toleranceS?: number; now?: Date };

const TOLERANCE_S = 5 * 60;
const BODY_BYTES_MAX = 1024 * 1024;
// Mage's envelope. Who signed it is known by then, so that the rest of a body is trusted.
const ENVELOPE = { event: "string", shop: "string", timestamp: "string", data: "object" } as const;

/**
 * Verifies a request by each scheme that it carries (`X-Webhook-Signature`, Standard Webhooks 1.0) and reads its event.
 * @param secret as shown once (`whsec_…`); several while it is being changed
 * @param options.toleranceS how far its time may be from `now`, in seconds (300)
 * @throws when no secret is given, or a body that is parsed already
 */
export async function verify(
  request: Incoming,
  secret: string | readonly string[],
  { toleranceS = TOLERANCE_S, now = new Date() }: Options = {},
): Promise<Verified> {
  const secrets = [secret].flat();
  // With an empty key anybody could sign.
  if (secrets.length === 0 || secrets.some((one) => keyOf(one).length === 0))
    throw new TypeError("verify() needs a secret");
  const body = await bytesOf(request);
  if (body === null) return { ok: false, refusal: "malformed" };
  const times = signedAt({ headers: fieldsOf(request.headers), body }, secrets);
  if (times === null) return { ok: false, refusal: "bad_signature" };
  const fresh = times.every((time) => Math.abs(now.getTime() - time) <= toleranceS * 1000);
  return fresh ? read(body) : { ok: false, refusal: "too_old" };
}

function fieldsOf(headers: HeaderFields): Map<string, string> {
  const entries = Symbol.iterator in headers ? [...headers] : Object.entries(headers);
  return new Map(
    entries.flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), String(value)] as const],
    ),
  );
}

async function bytesOf(request: Incoming): Promise<Uint8Array | null> {
  const body = "arrayBuffer" in request ? await received(request) : request.body;
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  if (bytes === null) return null;
  if (!(bytes instanceof Uint8Array)) throw new TypeError("verify() needs the body before it is parsed");
  return bytes.length > BODY_BYTES_MAX ? null : bytes;
}

// A stranger may send without end: no more is kept than an event can have.
async function received(request: Request): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
    chunks.push(next.value);
    size += next.value.length;
    if (size > BODY_BYTES_MAX) {
      await reader?.cancel();
      return null;
    }
  }
  return Buffer.concat(chunks);
}

function read(body: Uint8Array): Verified {
  const told = parse(body);
  const complete = Object.entries(ENVELOPE).every(([name, kind]) => typeof told?.[name] === kind);
  if (told === null || !complete || told["data"] === null) return { ok: false, refusal: "malformed" };
  return isKnown(told) ? { ok: true, event: told } : { ok: false, refusal: "unknown_type" };
}

function parse(body: Uint8Array): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

const isKnown = (told: object): told is LaurelEvent =>
  "event" in told && (EVENT_TYPES as readonly unknown[]).includes(told.event);
