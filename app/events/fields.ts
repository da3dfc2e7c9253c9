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
  required: z.array(z.string()).optional(),
  get anyOf() {
    return z.array(Schema).optional();
  },
  get items() {
    return Schema.optional();
  },
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  /** Of an object whose names are not listed: what each of them holds. */
  get additionalProperties() {
    return Schema.optional();
  },
});
type Schema = z.output<typeof Schema>;

/** `name`: of a field inside another `lot.id`, of any name `changes.*.before`. `type` and `about` as Markdown: values and names between backticks. */
export type EventField = { readonly name: string; readonly type: string; readonly about: string };

/** The fields of `data` of an event type and those inside them, in the order in which they are sent. */
export function fieldsOf(type: EventType): readonly EventField[] {
  return inside(Schema.parse(jsonSchemaOf(catalogueRow(type).data)), "");
}

function inside(schema: Schema, path: string): readonly EventField[] {
  const { properties = {}, required = [], anyOf = [], items, additionalProperties } = schema;
  const own = Object.entries(properties).flatMap(([name, field]) => [
    {
      name: path + name,
      type: typeOf(field) + (required.includes(name) ? "" : ", optional"),
      about: field.description ?? "",
    },
    ...inside(field, `${path}${name}.`),
  ]);
  const others = [...anyOf, ...(items === undefined ? [] : [items])].flatMap((one) => inside(one, path));
  return [...own, ...others, ...(additionalProperties ? inside(additionalProperties, `${path}*.`) : [])];
}

function typeOf(field: Schema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${String(value)}\``).join(" or ");
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.anyOf !== undefined) return field.anyOf.map(typeOf).join(" or ");
  if (field.items !== undefined) return `array of ${typeOf(field.items)}`;
  if (field.format === "date-time") return "ISO 8601 time";
  return [field.type ?? "any"].flat().join(" or ");
}
