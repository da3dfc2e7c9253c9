// The catalogue's examples as stored envelopes: what a payload format starts from.
import type { EventType } from "../../app/events/catalogue.ts";
import { exampleEnvelope } from "../../app/events/envelope.ts";

/** The envelope of a type's example, as text, the same every time. */
export const storedExample = (type: EventType): string => JSON.stringify(exampleEnvelope(type));
