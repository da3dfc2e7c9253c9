// Reads a body while it arrives: never holds more than the bound, and hears out who sends a little more.

/** Of a body that is too long so much is read and thrown away, in bounds, so that the sender hears the answer. */
const HEARD_OUT = 4;

/** A request as Node has it. */
export type Incoming = AsyncIterable<Uint8Array> & {
  readonly method?: string | undefined;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
};

/**
 * The bytes of a request's body.
 * @returns null for one longer than `most` bytes: at once where its header says so; else what follows is dropped, and
 * after four times the bound the connection is given up.
 */
export async function readBody(request: Incoming, most: number): Promise<Buffer | null> {
  if (Number(request.headers["content-length"] ?? 0) > most) return null;
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.byteLength;
    if (length > most) parts.length = 0;
    else parts.push(part);
    if (length > HEARD_OUT * most) return null;
  }
  return length > most ? null : Buffer.concat(parts, length);
}
