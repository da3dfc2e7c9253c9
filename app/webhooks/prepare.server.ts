// Makes a claimed delivery into a request: secrets and headers opened once per subscription, body signed as bytes.
import { open } from "../platform/secrets.server.ts";
import type { Claimed } from "./claim.server.ts";
import { makeRequest } from "./request.server.ts";
import { STANDING_HEADERS } from "./send.server.ts";
import type { OutgoingRequest } from "./send.server.ts";
import { signingKey } from "./signature.server.ts";
import type { SigningKeys } from "./signature.server.ts";
import { openHeaders } from "./stored-headers.server.ts";

const REMEMBERED = 5_000;

/** Why a delivery cannot be sent; it is parked with that reason. */
type Unpreparable = "body_removed" | "secret_unreadable" | "not_in_format";

type Prepared = {
  revision: number;
  secret: string;
  next: string | null;
  url: URL;
  keys: SigningKeys;
  standing: Record<string, string>;
};

/** Where a subscription's secrets are bound to; the same for the current and the next one. */
export const secretBinding = (shopId: string, subscriptionId: string) =>
  [shopId, subscriptionId, "webhook"] as const;

/** Opens the secrets that sign now; null where one cannot be opened. */
export function openKeys(row: {
  shop_id: string;
  subscription_id: string;
  secret: string;
  next_secret: string | null;
}): SigningKeys | null {
  const binding = secretBinding(row.shop_id, row.subscription_id);
  const current = open(row.secret, binding);
  const next = row.next_secret === null ? null : open(row.next_secret, binding);
  if (current === null || (row.next_secret !== null && next === null)) return null;
  return { current: signingKey(current), next: next === null ? null : signingKey(next) };
}

/** Makes requests; remembers a bounded number of subscriptions until they change. */
export function createPreparer() {
  const known = new Map<string, Prepared>();

  function subscriptionOf(row: Claimed): Prepared | null {
    const found = known.get(row.subscription_id);
    const { revision, secret, next_secret: next } = row;
    if (found?.revision === revision && found.secret === secret && found.next === next) return found;
    const keys = openKeys(row);
    const headers = openHeaders(row.headers, [row.shop_id, row.subscription_id]);
    if (keys === null || headers === null) return null;
    const made = {
      revision,
      secret,
      next,
      keys,
      url: new URL(row.url),
      standing: { ...headers, ...STANDING_HEADERS },
    };
    known.delete(row.subscription_id);
    known.set(row.subscription_id, made);
    if (known.size > REMEMBERED) for (const oldest of [...known.keys()].slice(0, 1)) known.delete(oldest);
    return made;
  }

  /** The request as it goes out at `at`, or why it cannot. */
  return function prepare(row: Claimed, at: Date): OutgoingRequest | Unpreparable {
    if (row.body === null) return "body_removed";
    const subscription = subscriptionOf(row);
    if (subscription === null) return "secret_unreadable";
    const { keys, standing, url } = subscription;
    const { event_id: id, event_type: type, format, body: stored } = row;
    const request = makeRequest(keys, standing, {
      format,
      url,
      id,
      type,
      attempt: row.attempts + 1,
      stored,
      at,
    });
    return request === null ? "not_in_format" : { url, at, ...request };
  };
}
