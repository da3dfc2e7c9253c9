// Reads a body while it arrives: never holds more than the bound, and hears out who sends a little more.

/** Of a body that is too long so much is read and thrown away, in bounds, so that the sender hears the answer. */
const HEARD_OUT = 4;

/** A request as Node has it. */
export type Incoming = AsyncIterable<Uint8Array> & {
  readonly method?: string | undefined;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/** All bodies that arrive in this process hold so much at the most: ten of the longest, hundreds of the usual. */
export const UNDER_WAY_BYTES_MAX = 64 * 1024 * 1024;
let underWay = 0;

/** The bytes; or that they are too many, or that too many bodies are under way (the sender may try again). */
export type Body = { ok: true; bytes: Buffer } | { ok: false; refusal: "body_too_long" | "too_many_bodies" };

const TOO_LONG: Body = { ok: false, refusal: "body_too_long" };

/**
 * The bytes of a request's body.
 * @returns a refusal for one longer than `most` bytes: at once where its header says so; else what follows is dropped,
 * and after four times the bound the connection is given up. One that finds no room is dropped in the same way.
 * @throws when the sender breaks off.
 */
export async function readBody(request: Incoming, most: number): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > most) return TOO_LONG;
  const parts: Uint8Array[] = [];
  let length = 0;
  let held = 0;
  let crowded = false;
  try {
    for await (const part of request) {
      length += part.byteLength;
      crowded ||= underWay + part.byteLength > UNDER_WAY_BYTES_MAX;
      if (crowded || length > most) {
        parts.length = 0;
        underWay -= held;
        held = 0;
      } else {
        parts.push(part);
        underWay += part.byteLength;
        held += part.byteLength;
      }
      if (length > HEARD_OUT * most) return TOO_LONG;
    }
  } finally {
    underWay -= held;
  }
  if (length > most) return TOO_LONG;
  return crowded
    ? { ok: false, refusal: "too_many_bodies" }
    : { ok: true, bytes: Buffer.concat(parts, length) };
}
