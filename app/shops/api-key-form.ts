// What a merchant says of a new API key, judged alike by the screen and by the app.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { API_AREAS } from "./api-areas.ts";
import type { ApiScopes } from "./api-areas.ts";

export type ApiKeyForm = { readonly name: string; readonly scopes: ApiScopes };

export const MAX_KEY_NAME = 60;
// Control characters and line breaks: a name is one line.
const NOT_IN_A_NAME = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** The form with its name trimmed. Refuses a name that is empty, too long or not one line, and a key that may nothing. */
export function checkApiKey({ name, scopes }: ApiKeyForm): Result<ApiKeyForm> {
  const trimmed = name.trim();
  const length = Array.from(trimmed).length;
  if (length < 1 || length > MAX_KEY_NAME || NOT_IN_A_NAME.test(trimmed)) {
    return refuse("key_name_invalid", { field: "name" });
  }
  if (API_AREAS.every((area) => scopes[area] === undefined)) {
    return refuse("key_scopes_missing", { field: "scopes" });
  }
  return accept({ name: trimmed, scopes });
}
