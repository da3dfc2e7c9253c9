// Headers that a merchant adds to every request of a subscription, and the names that stay ours.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";

export const MAX_CUSTOM_HEADERS = 10;
/** Stands for a header's value where a request is shown again: it may be a credential. */
export const HIDDEN_VALUE = "(hidden)";
const MAX_NAME = 64;
const MAX_VALUE = 1024;
const TOKEN = /^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/;
/** Visible ASCII, and single spaces or tabs between: no CR, LF, NUL, nothing outside one byte. */
const VALUE = /^[\x21-\x7e]([\x20-\x7e\t]*[\x21-\x7e])?$/;

const RESERVED = new Set([
  "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "expect", "date",
  "user-agent", "accept-encoding", "range", "via", "forwarded", "cookie", "http2-settings",
]); // prettier-ignore
const RESERVED_PREFIXES = [
  "content-",
  "proxy-",
  "x-webhook-",
  "webhook-",
  "x-forwarded-",
  "sec-",
  "x-laurel-",
];

/** Checks custom headers; names come back as written, values trimmed. Names differ without regard to case. */
export function checkCustomHeaders(
  pairs: readonly (readonly [string, string])[],
): Result<Record<string, string>> {
  const field = "headers";
  if (pairs.length > MAX_CUSTOM_HEADERS) return refuse("headers_too_many", { field });
  const seen = new Set<string>();
  const headers: Record<string, string> = {};
  for (const [rawName, rawValue] of pairs) {
    const name = rawName.trim();
    const lower = name.toLowerCase();
    const value = rawValue.replace(/^[ \t]+|[ \t]+$/g, "");
    if (!TOKEN.test(name) || name.length > MAX_NAME) return refuse("header_name_invalid", { field });
    if (isReserved(lower)) return refuse("header_name_reserved", { field, detail: lower });
    if (seen.has(lower)) return refuse("header_name_twice", { field, detail: lower });
    if (!VALUE.test(value) || value.length > MAX_VALUE)
      return refuse("header_value_invalid", { field, detail: lower });
    seen.add(lower);
    Object.defineProperty(headers, name, { value, enumerable: true });
  }
  return accept(headers);
}

function isReserved(lower: string): boolean {
  return RESERVED.has(lower) || RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix));
}
