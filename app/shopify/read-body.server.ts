// Reads a body while it arrives: never holds more than the bound, and hears out who sends a little more.

/** Of a body that is too long so much is read and thrown away, in bounds, so that the sender hears the answer. */
const HEARD_OUT = 4;

/**
 * The bytes of a request's body.
 * @returns null for one longer than `most` bytes: at once where its header says so; else what follows is dropped, and
 * after four times the bound the connection is given up.
 */
export async function readBody(request: Request, most: number): Promise<Buffer | null> {
  if (Number(request.headers.get("Content-Length") ?? 0) > most) return null;
  if (request.body === null) return Buffer.alloc(0);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length <= HEARD_OUT * most) {
    const { done, value } = await reader.read();
    if (done) return length > most ? null : Buffer.concat(parts, length);
    length += value.byteLength;
    if (length > most) parts.length = 0;
    else parts.push(value);
  }
  await reader.cancel().catch(() => undefined);
  return null;
}
