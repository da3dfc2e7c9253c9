// What a screen sends: JSON, read the same way for all of them.
import { isStorable } from "../platform/storable.ts";
import { quoteNumbers } from "../shopify/quote-numbers.ts";

/** The body's value; null for what is no JSON, is nested too deep, or holds text that cannot be stored. */
export async function readJson(request: Request): Promise<unknown> {
  const text = await request.text().catch(() => "");
  // As in the REST API: nested too deep to be handled by anything after it.
  if (quoteNumbers(text) === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isStorable(value) ? value : null;
  } catch {
    return null;
  }
}
