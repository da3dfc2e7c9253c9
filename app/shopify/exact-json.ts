// Reads JSON without floats: every number becomes the text of its own digits, so that no id and no price is rounded.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { quoteNumbers } from "./quote-numbers.ts";

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });
/** The escapes by which NUL and halves of surrogate pairs come. */
const ODD_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/**
 * The value of a JSON body; numbers come as text ("5123", "70.0"). Refuses invalid UTF-8, invalid JSON, nesting beyond
 * reason, and anything but an object. Of a repeated key the last one counts, as everywhere in JavaScript.
 */
export function exactJson(body: string | Uint8Array): Result<object> {
  let text: string;
  try {
    text = typeof body === "string" ? body.toWellFormed() : strictUtf8.decode(body);
  } catch {
    return refuse("body_not_utf8");
  }
  const quoted = quoteNumbers(text);
  if (quoted === null) return refuse("body_too_deep");
  try {
    // The second way costs several times as much as the first, and hardly a body needs it.
    const value: unknown = ODD_ESCAPE.test(text) ? JSON.parse(quoted, storable) : JSON.parse(quoted);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? accept(value) : refuse("body_not_an_object");
  } catch {
    return refuse("body_not_json");
  }
}

/** PostgreSQL keeps neither NUL nor half of a surrogate pair. */
function storable(_key: string, value: unknown): unknown {
  return typeof value === "string" ? value.toWellFormed().replaceAll("\0", "") : value;
}
