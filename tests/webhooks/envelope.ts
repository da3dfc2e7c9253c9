// The catalogue's examples as stored envelopes: what a payload format starts from.
import { catalogueRow } from "../../app/events/catalogue.ts";
import type { EventType } from "../../app/events/catalogue.ts";
import { API_VERSION } from "../../app/events/record.server.ts";

/** The envelope of a type's example, as text, the same every time. */
export function storedExample(type: EventType): string {
  const test = type === "test";
  return JSON.stringify({
    id: "evt_01JD8Q2ZC4K6M8P0R2T4V6X8Z4",
    event: type,
    shop: "my-store",
    timestamp: "2026-11-01T19:00:00.000Z",
    api_version: API_VERSION,
    sequence: test ? 0 : 42,
    test,
    data: catalogueRow(type).example,
  });
}
