// What a merchant enters of a subscription, checked the same way in the form, in the action and in the API.
import { isEventType } from "../events/catalogue.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { checkCustomHeaders } from "./custom-headers.ts";
import { checkEndpointUrl } from "./endpoint-url.ts";

export const MAX_DESCRIPTION = 200;
export const MAX_RATE_PER_SECOND = 1_000;

/** As entered; `headers` as pairs in the order of the form; `ratePerSecond` null = no limit of its own. */
export type SubscriptionForm = {
  url: string;
  eventTypes: readonly string[];
  description: string;
  headers: readonly (readonly [string, string])[];
  ratePerSecond: number | null;
};

/** Checked: the URL normalised, event types once each, headers without regard to how they were spelled apart. */
export type SubscriptionSettings = {
  url: string;
  eventTypes: string[];
  description: string;
  headers: Record<string, string>;
  ratePerSecond: number | null;
};

/** Checks a form; the refusal's `field` says which input to correct. `loopbackHosts`: the development switch. */
export function checkSubscription(
  form: SubscriptionForm,
  loopbackHosts: readonly string[],
): Result<SubscriptionSettings> {
  const url = checkEndpointUrl(form.url, loopbackHosts);
  if (!url.ok) return url;
  const eventTypes = [...new Set(form.eventTypes)];
  if (eventTypes.length === 0) return refuse("event_types_missing", { field: "eventTypes" });
  const unknown = eventTypes.find((type) => !isEventType(type) || type === "test");
  if (unknown !== undefined)
    return refuse("event_type_unknown", { field: "eventTypes", detail: unknown.slice(0, 64) });
  const description = form.description.trim();
  if (description.length > MAX_DESCRIPTION) return refuse("description_too_long", { field: "description" });
  const headers = checkCustomHeaders(form.headers);
  if (!headers.ok) return headers;
  const rate = form.ratePerSecond;
  if (rate !== null && (!Number.isInteger(rate) || rate < 1 || rate > MAX_RATE_PER_SECOND)) {
    return refuse("rate_invalid", { field: "ratePerSecond" });
  }
  return accept({ url: url.value, eventTypes, description, headers: headers.value, ratePerSecond: rate });
}
