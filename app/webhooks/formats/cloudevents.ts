// CloudEvents 1.0, structured mode: the JSON event format of the specification, for event buses and brokers.
import type { Envelope } from "./format.ts";

/**
 * The event as a CloudEvent. `source` and `id` together are unique, as the specification asks; `type` keeps the name
 * that is in the catalogue. What the envelope has beside is carried in extension attributes (lower case, no underscore).
 */
export function cloudEvent({ id, event, shop, timestamp, data, ...rest }: Envelope): object {
  return {
    specversion: "1.0",
    id,
    source: `https://${shop}.myshopify.com`,
    type: event,
    ...("member_id" in data && data.member_id !== null ? { subject: data.member_id } : {}),
    time: timestamp,
    datacontenttype: "application/json",
    apiversion: rest.api_version,
    membersequence: rest.sequence,
    test: rest.test,
    data,
  };
}
