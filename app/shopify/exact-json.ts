// Reads JSON without floats: every number becomes the text of its own digits, so that no id and no price is rounded.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";

// What JSON.parse tells about a primitive (ES2025); TypeScript 5.9 does not know it yet.
type Reviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
const parse = JSON.parse as (text: string, reviver: Reviver) => unknown;
const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * The value of a JSON body; numbers come as text ("5123", "70.0"). Refuses invalid UTF-8, invalid JSON, nesting that
 * exhausts the stack, and anything but an object. Of a repeated key the last one counts, as everywhere in JavaScript.
 */
export function exactJson(body: string | Uint8Array): Result<object> {
  let text: string;
  try {
    text = typeof body === "string" ? body : strictUtf8.decode(body);
  } catch {
    return refuse("body_not_utf8");
  }
  try {
    const value = parse(text, keepDigits);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? accept(value) : refuse("body_not_an_object");
  } catch (error) {
    return refuse(error instanceof RangeError ? "body_too_deep" : "body_not_json");
  }
}

function keepDigits(this: unknown, _key: string, value: unknown, context: { source?: string }): unknown {
  if (typeof value === "number") return context.source ?? String(value);
  return typeof value === "string" ? storable(value) : value;
}

/** PostgreSQL keeps neither NUL nor half of a surrogate pair. */
function storable(text: string): string {
  return text.isWellFormed() && !text.includes("\0") ? text : text.toWellFormed().replaceAll("\0", "");
}
