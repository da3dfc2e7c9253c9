// Keeps the beginning of an answer in a form that Postgres can store.

/** Read from the socket at the most; what comes after it is not waited for. */
export const MAX_READ_BYTES = 64 * 1024;
export const KEPT_BYTES = 4 * 1024;
const MAX_KEPT_HEADERS = 40;
const MAX_KEPT_HEADER_LENGTH = 500;
/** Cookies of a receiver are nobody's business. */
const DROPPED = new Set(["set-cookie"]);

/** The first 4 KiB as text: invalid UTF-8 becomes U+FFFD, NUL becomes U+2400; no half character at the cut. */
export function storableText(chunks: readonly Uint8Array[]): string {
  const bytes = Buffer.concat(chunks).subarray(0, KEPT_BYTES);
  const text = new TextDecoder("utf-8").decode(bytes, { stream: true });
  return text.replaceAll("\0", "\u2400");
}

/** Response headers worth keeping, bounded in number and length, storable. */
export function storableHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers).slice(0, MAX_KEPT_HEADERS)) {
    if (value === undefined || DROPPED.has(name)) continue;
    const text = typeof value === "string" ? value : value.join(", ");
    kept[name.slice(0, MAX_KEPT_HEADER_LENGTH)] = text
      .slice(0, MAX_KEPT_HEADER_LENGTH)
      .replaceAll("\0", "\u2400");
  }
  return kept;
}
