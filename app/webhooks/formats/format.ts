// What a payload format is made of: the envelope that it starts from, and how another system says an event.
import type { EventData, EventType } from "../../events/catalogue.ts";

/** An event as it is stored, which is what Laurel's own format sends (docs/webhooks.md). */
export type Envelope<Type extends EventType = EventType> = {
  readonly id: string;
  readonly event: Type;
  /** `my-store`, without `.myshopify.com`. */
  readonly shop: string;
  /** When it happened, ISO 8601. */
  readonly timestamp: string;
  readonly api_version: string;
  readonly sequence: number;
  readonly test: boolean;
  readonly data: EventData<Type>;
};

/** Another system's name for an event type, and its body: from the envelope alone, so that every attempt is the same. */
export type Saying<Type extends EventType = EventType> = {
  readonly as: string;
  body(event: Envelope<Type>): object;
};

/** How a system says each type of the catalogue; null where it has no such event. The compiler asks for every new type. */
export type Sayings = { readonly [Type in EventType]: Saying<Type> | null };

export type Format = {
  /** As merchants read it. */
  readonly label: string;
  /** What it is good for, in one sentence. */
  readonly about: string;
  readonly contentType: string;
  readonly says: (type: EventType) => Saying | null;
};
