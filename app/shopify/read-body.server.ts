// Reads a body while it arrives, and stops at the bound: nothing that is too long is ever held.

/**
 * The bytes of a request's body.
 * @returns null as soon as it is known to be longer than `most` bytes; the rest is not read.
 */
export async function readBody(request: Request, most: number): Promise<Buffer | null> {
  if (Number(request.headers.get("Content-Length") ?? 0) > most) return null;
  if (request.body === null) return Buffer.alloc(0);
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  const parts: Uint8Array[] = [];
  let length = 0;
  // Ends with the stream, or with the byte after the last that is allowed.
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(parts, length);
    length += value.byteLength;
    if (length > most) {
      await reader.cancel().catch(() => undefined);
      return null;
    }
    parts.push(value);
  }
}
