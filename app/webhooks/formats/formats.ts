// The payload formats: one table, and what a subscription may ask for in each.
import { isEventType, SUBSCRIBABLE_TYPES } from "../../events/catalogue.ts";
import type { EventType } from "../../events/catalogue.ts";
import { cloudEvent } from "./cloudevents.ts";
import type { Envelope, Format, Saying } from "./format.ts";
import { masivo } from "./masivo.ts";
import { openLoyalty } from "./open-loyalty.ts";
import { qurable } from "./qurable.ts";

const JSON_TYPE = "application/json";

export const FORMAT_NAMES = ["laurel", "cloudevents", "masivo", "open-loyalty", "qurable"] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  laurel: {
    label: "Laurel",
    about: "Every event with all that Laurel knows. Receivers written for Mage work unchanged.",
    contentType: JSON_TYPE,
    says: (type) => ({ as: type, body: (event) => event }),
  },
  cloudevents: {
    label: "CloudEvents 1.0",
    about: "The same data for event buses: structured mode.",
    contentType: "application/cloudevents+json",
    says: (type) => ({ as: type, body: cloudEvent }),
  },
  masivo: {
    label: "Masivo",
    about: "For receivers written for Masivo's webhooks.",
    contentType: JSON_TYPE,
    says: (type) => masivo[type],
  },
  "open-loyalty": {
    label: "Open Loyalty",
    about: "For receivers written for Open Loyalty's webhooks, with its signature headers.",
    contentType: JSON_TYPE,
    says: (type) => openLoyalty[type],
  },
  qurable: {
    label: "Qurable",
    about: "For receivers written for Qurable's events webhook.",
    contentType: JSON_TYPE,
    says: (type) => qurable[type],
  },
};

/** Whether the text names a format. */
export function isFormat(text: string): text is FormatName {
  return Object.hasOwn(FORMATS, text);
}

/** A format's name as merchants read it. */
export function formatLabel(format: string): string {
  return isFormat(format) ? FORMATS[format].label : format;
}

/** Whether a format has the event type; false for names that are neither. */
export function carries(format: string, type: string): boolean {
  return isFormat(format) && isEventType(type) && FORMATS[format].says(type) !== null;
}

/** What a subscription in this format may ask for, in the catalogue's order. */
export function offeredTypes(format: string): EventType[] {
  return SUBSCRIBABLE_TYPES.filter((type) => carries(format, type));
}

/** The exact body, and the headers that go with it instead of or beside the usual ones. */
export type Said = { readonly body: string; readonly headers: Readonly<Record<string, string>> };

/**
 * An event's stored envelope in a format; null where the format has no such event. Laurel's own is the stored text. The
 * others' bodies have no place for "this is a test", so a header says it. An envelope that cannot be read is null too:
 * one that was stored before a field was added must not stop the worker that sends a thousand others.
 */
export function sayIn(format: string, type: string, stored: string): Said | null {
  if (format === "laurel") return { body: stored, headers: {} };
  if (!isFormat(format) || !isEventType(type)) return null;
  const { says, contentType } = FORMATS[format];
  const saying = says(type);
  return saying === null ? null : say(saying, contentType, stored);
}

function say(saying: Saying, contentType: string, stored: string): Said | null {
  try {
    const event = JSON.parse(stored) as Envelope;
    const headers = { "Content-Type": contentType, ...(event.test ? { "X-Webhook-Test": "true" } : {}) };
    return { body: JSON.stringify(saying.body(event)), headers };
  } catch {
    return null;
  }
}
