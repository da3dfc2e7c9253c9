// The fields of an event's data in words, read from its schema: for the catalogue page and the documents.
import { z } from "zod";
import { catalogueRow } from "./catalogue.ts";
import type { EventType } from "./catalogue.ts";
import { jsonSchemaOf } from "./json-schema.ts";

const Schema = z.object({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  description: z.string().optional(),
  get anyOf() {
    return z.array(Schema).optional();
  },
});
type Schema = z.output<typeof Schema>;
const Schemas = z.object({
  properties: z.record(z.string(), Schema),
  required: z.array(z.string()).default([]),
});

/** `type` and `about` as Markdown: values and names between backticks. */
export type EventField = { readonly name: string; readonly type: string; readonly about: string };

/** The fields of `data` of an event type, in the order in which they are sent. */
export function fieldsOf(type: EventType): readonly EventField[] {
  const { properties, required } = Schemas.parse(jsonSchemaOf(catalogueRow(type).data));
  return Object.entries(properties).map(([name, field]) => ({
    name,
    type: typeOf(field) + (required.includes(name) ? "" : ", optional"),
    about: field.description ?? "",
  }));
}

function typeOf(field: Schema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(" or ");
  if (field.format === "date-time") return "ISO 8601 time";
  return [field.type ?? "any"].flat().join(" or ");
}
