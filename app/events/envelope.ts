// The body around an event's data, as a schema: what the documents, the receiver's types and their tests are made from.
import { z } from "zod";
import { catalogueRow } from "./catalogue.ts";
import type { EventType } from "./catalogue.ts";

/** The version of the envelope, as `api_version` in every body. */
export const API_VERSION = "2026-11";

/** What every body has beside `event` and `data`. */
export const aroundData = {
  id: z.string().describe("The event's id: the same on every attempt and every replay."),
  shop: z.string().describe("The store without `.myshopify.com`."),
  timestamp: z.iso.datetime().describe("When it happened, ISO 8601."),
  api_version: z.string().describe("The version of this envelope."),
  sequence: z.int().min(0).describe("Counts one member's events upward; 0 where it is about no member."),
  test: z.boolean().describe("True only for what the Test button or the API sent as a test."),
};

/** The schema of a whole body of this type. */
export function envelopeSchema(type: EventType): z.ZodType {
  const { id, ...rest } = aroundData;
  return z.object({ id, event: z.literal(type), ...rest, data: catalogueRow(type).data });
}

/** A whole body of this type, as an example. */
export function exampleEnvelope(type: EventType): Record<string, unknown> {
  const data = catalogueRow(type).example as object;
  return {
    id: "evt_01JD8Q2ZC4K6M8P0R2T4V6X8Z4",
    event: type,
    shop: "my-store",
    timestamp: "2026-11-01T19:00:00.000Z",
    api_version: API_VERSION,
    sequence: "member_id" in data ? 42 : 0,
    test: type === "test",
    data,
  };
}
