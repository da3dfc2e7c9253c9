// What a key may do, in words; and how long ago it was used.
import { API_AREAS } from "../../shops/api-areas.ts";
import type { ApiAccess, ApiArea, ApiScopes } from "../../shops/api-areas.ts";

type Area = {
  readonly label: string;
  /** What each access allows; one that is not there is not offered. */
  readonly allows: Readonly<Partial<Record<ApiAccess, string>>>;
  /** What the first request of a new key asks for, below the API's address. */
  readonly firstRequest: string;
};

export const AREAS: Readonly<Record<ApiArea, Area>> = {
  customers: {
    label: "Customers",
    allows: {
      read: "Look up customers with their points and tier.",
      full: "Look up customers, and add or take points.",
    },
    firstRequest: "/customers",
  },
  events: {
    label: "Events",
    // Nothing of it can be changed.
    allows: { read: "Poll what happened, and list the event types." },
    firstRequest: "/events",
  },
  webhooks: {
    label: "Webhooks",
    allows: {
      read: "See subscriptions, deliveries and every attempt.",
      full: "See, create, change, test and delete subscriptions; rotate secrets; send deliveries again.",
    },
    firstRequest: "/webhook-subscriptions",
  },
};

/** In the order in which they are shown. */
export const SHOWN_AREAS = Object.keys(AREAS) as ApiArea[];

export const ACCESS: Readonly<Record<ApiAccess, string>> = { read: "read", full: "full access" };

/** "Customers: read · Webhooks: full access" */
export function scopesInWords(scopes: ApiScopes): string {
  return SHOWN_AREAS.flatMap((area) => {
    const access = scopes[area];
    return access === undefined ? [] : [`${AREAS[area].label}: ${ACCESS[access]}`];
  }).join(" · ");
}

/** A command that a shell can run as it stands: the first request with a key, in an area that it may read. */
export function firstRequest(apiUrl: string, key: string, scopes: ApiScopes): string {
  const area = SHOWN_AREAS.find((one) => scopes[one] !== undefined) ?? API_AREAS[0];
  return `curl -H "Authorization: Bearer ${key}" ${apiUrl}${AREAS[area].firstRequest}`;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNITS = [
  ["year", 365 * DAY_MS],
  ["month", 30 * DAY_MS],
  ["day", DAY_MS],
  ["hour", 60 * MINUTE_MS],
  ["minute", MINUTE_MS],
] as const;

/** "3 hours ago", from milliseconds, in whole units; "just now" within the minute. */
export function agoInWords(ms: number): string {
  const found = UNITS.find(([, size]) => ms >= size);
  if (found === undefined) return "just now";
  const [unit, size] = found;
  return new Intl.RelativeTimeFormat("en").format(-Math.floor(ms / size), unit);
}
