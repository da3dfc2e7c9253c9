// The event catalogue: every type that Laurel sends, with its schema, an example and its paragraph of documentation.
import { z } from "zod";
import { memberEvents } from "./member-events.ts";
import { orderEvents } from "./order-events.ts";
import { pointsEvents } from "./points-events.ts";
import { row } from "./shapes.ts";
import type { CatalogueRow } from "./shapes.ts";
import { tierEvents } from "./tier-events.ts";
import { webhookEvents } from "./webhook-events.ts";

export const catalogue = {
  ...pointsEvents,
  ...tierEvents,
  ...memberEvents,
  ...orderEvents,
  ...webhookEvents,
  test: row({
    group: "test",
    title: "Test",
    about:
      "Sent by the Test button beside a subscription, or through the API. Only the tested subscription gets it, and the envelope says `test: true`.",
    data: z.object({ message: z.string().describe("Some words, to see that they arrive.") }),
    example: { message: "This is a test event from Laurel." },
  }),
} as const;

export type EventType = keyof typeof catalogue;
/** The data that an event of this type carries. */
export type EventData<Type extends EventType> = z.input<(typeof catalogue)[Type]["data"]>;

export const EVENT_TYPES = Object.keys(catalogue) as readonly EventType[];
/** What a subscription may ask for: everything but `test`, which only the Test button sends. */
export const SUBSCRIBABLE_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => type !== "test");

/** Whether the text names an event type of the catalogue. */
export function isEventType(text: string): text is EventType {
  return Object.hasOwn(catalogue, text);
}

/** A type's row without its static type: for screens and documents that walk the catalogue. */
export function catalogueRow(type: EventType): CatalogueRow<z.ZodType> {
  return catalogue[type];
}
