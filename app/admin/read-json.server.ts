// What a screen sends: JSON, read the same way for all of them.
import { isStorable } from "../platform/storable.ts";

/** The body's value; null for what is no JSON, or holds text that cannot be stored. */
export async function readJson(request: Request): Promise<unknown> {
  const value: unknown = await request.json().catch(() => null);
  return isStorable(value) ? value : null;
}
