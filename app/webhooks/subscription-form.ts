// What a merchant enters of a subscription, checked the same way in the form, in the action and in the API.
import { isEventType } from "../events/catalogue.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { checkCustomHeaders } from "./custom-headers.ts";
import { checkEndpointUrl } from "./endpoint-url.ts";
import { carries, isFormat } from "./formats/formats.ts";
import type { FormatName } from "./formats/formats.ts";

export const MAX_DESCRIPTION = 200;
export const MAX_RATE_PER_SECOND = 1_000;

/** As entered; `headers` as pairs in the order of the form; `ratePerSecond` null = no limit of its own. */
export type SubscriptionForm = {
  url: string;
  format: string;
  eventTypes: readonly string[];
  description: string;
  headers: readonly (readonly [string, string])[];
  ratePerSecond: number | null;
};

/** Checked: the URL normalised, event types once each, headers without regard to how they were spelled apart. */
export type SubscriptionSettings = {
  url: string;
  format: FormatName;
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
  const { format } = form;
  if (!isFormat(format)) return refuse("format_unknown", { field: "format" });
  const eventTypes = checkEventTypes(form.eventTypes, format);
  if (!eventTypes.ok) return eventTypes;
  const description = form.description.trim();
  if (description.length > MAX_DESCRIPTION) return refuse("description_too_long", { field: "description" });
  const headers = checkCustomHeaders(form.headers);
  if (!headers.ok) return headers;
  const rate = form.ratePerSecond;
  if (rate !== null && (!Number.isInteger(rate) || rate < 1 || rate > MAX_RATE_PER_SECOND)) {
    return refuse("rate_invalid", { field: "ratePerSecond" });
  }
  return accept({
    url: url.value,
    format,
    eventTypes: eventTypes.value,
    description,
    headers: headers.value,
    ratePerSecond: rate,
  });
}

function checkEventTypes(entered: readonly string[], format: FormatName): Result<string[]> {
  const field = "eventTypes";
  const types = [...new Set(entered)];
  if (types.length === 0) return refuse("event_types_missing", { field });
  const unknown = types.find((type) => !isEventType(type) || type === "test");
  if (unknown !== undefined) return refuse("event_type_unknown", { field, detail: unknown.slice(0, 64) });
  const missing = types.find((type) => !carries(format, type));
  return missing === undefined
    ? accept(types)
    : refuse("event_type_not_in_format", { field, detail: missing });
}
