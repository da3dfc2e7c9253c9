// A JSON Schema as rows of a table: one for each field, those of objects below their object.
import type { Schema } from "../../api/openapi.ts";

const MAX_DEPTH = 6;

/** `name` with dots and brackets from the top: `data[].attributes.url`. */
export type SchemaRow = {
  readonly name: string;
  readonly type: string;
  readonly about: string;
  readonly optional: boolean;
};

/** The fields of an object's schema, in its order. */
export function schemaRows(schema: Schema, above = "", depth = 0): readonly SchemaRow[] {
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = above === "" ? name : `${above}.${name}`;
    const inner = innerOf(field, path);
    const row = {
      name: path,
      type: typeOf(field),
      about: field.description ?? "",
      optional: !required.includes(name),
    };
    return [
      row,
      ...(inner === null || depth >= MAX_DEPTH ? [] : schemaRows(inner.schema, inner.path, depth + 1)),
    ];
  });
}

function innerOf(field: Schema, path: string): { schema: Schema; path: string } | null {
  const schema = field.anyOf?.find(({ type }) => type !== "null") ?? field;
  if (schema.properties !== undefined) return { schema, path };
  return schema.items?.properties === undefined ? null : { schema: schema.items, path: `${path}[]` };
}

/** A schema's type in words: `string or null`, `array of string`, `"enabled" or "paused"`. */
export function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeOf).join(" or ");
  if (schema.items !== undefined) return `array of ${typeOf(schema.items)}`;
  if (schema.format === "date-time") return "ISO 8601 time";
  return [schema.type ?? "any"].flat().join(" or ");
}
