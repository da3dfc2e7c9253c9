// Headers of a merchant's own at rest: sealed, since their values may be credentials.
import { open, seal } from "../platform/secrets.server.ts";

/** As the column holds them: sealed, or in clear where they were saved before headers were sealed. */
export type StoredHeaders = string | Record<string, string>;

type Owner = readonly [shopId: string, subscriptionId: string];
// Of its own: a sealed secret is no header, nor the other way round.
const binding = ([shopId, subscriptionId]: Owner) => [shopId, subscriptionId, "webhook headers"] as const;

/** Seals headers for their subscription; none stay an empty object. */
export function sealHeaders(headers: Readonly<Record<string, string>>, owner: Owner): StoredHeaders {
  return Object.keys(headers).length === 0 ? {} : seal(JSON.stringify(headers), binding(owner));
}

/** The headers by name; null where they cannot be opened. */
export function openHeaders(stored: StoredHeaders, owner: Owner): Record<string, string> | null {
  if (typeof stored !== "string") return stored;
  const text = open(stored, binding(owner));
  return text === null ? null : (JSON.parse(text) as Record<string, string>);
}
