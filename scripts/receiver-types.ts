// receiver/events.ts as text: the catalogue's schemas as plain TypeScript, so that a receiver needs nothing of the app.
import { z } from "zod";
import { catalogueRow, EVENT_TYPES } from "../app/events/catalogue.ts";
import { aroundData } from "../app/events/envelope.ts";

type Schema = z.core.JSONSchema.JSONSchema;

/** The whole file. */
export function receiverTypes(): string {
  const data = EVENT_TYPES.map((type) => {
    const { title, data } = catalogueRow(type);
    return `  /** ${title}. */\n  "${type}": ${typeOf(jsonSchema(data), "  ")};\n`;
  });
  const envelope = fields(jsonSchema(z.object(aroundData)), "");
  return `// What Laurel sends, by event type. Written by \`npm run docs\` from the event catalogue: do not edit.

/** What \`data\` holds. Fields may be added, never renamed or removed. */
export type EventData = {
${data.join("")}};

export type EventType = keyof EventData;

/** The body of a request. \`event\` tells the types apart. */
export type LaurelEvent = { [Type in EventType]: Envelope<Type> }[EventType];

type Envelope<Type extends EventType> = {
${envelope}  event: Type;
  data: EventData[Type];
};

export const EVENT_TYPES: readonly EventType[] = [
${EVENT_TYPES.map((type) => `  "${type}",\n`).join("")}];
`;
}

const jsonSchema = (schema: z.ZodType): Schema => z.toJSONSchema(schema, { io: "input" });

function typeOf(schema: Schema | boolean | undefined, indent: string): string {
  if (typeof schema !== "object") throw new Error("a schema of the catalogue says nothing of its type");
  const { type, anyOf, properties, items } = schema;
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (anyOf !== undefined) return anyOf.map((one) => typeOf(one, indent)).join(" | ");
  if (Array.isArray(type)) return type.map((one) => typeOf({ ...schema, type: one }, indent)).join(" | ");
  if (type === "array" && !Array.isArray(items)) return `Array<${typeOf(items, indent)}>`;
  if (type === "object" && properties !== undefined) return `{\n${fields(schema, indent)}${indent}}`;
  if (type === "object") {
    const keys = typeOf(schema.propertyNames, indent);
    const value = typeOf(schema.additionalProperties, `${indent}  `);
    return `{\n${indent}  [Key in ${keys}]?: ${value};\n${indent}}`;
  }
  if (type === undefined) throw new Error(`no TypeScript for ${JSON.stringify(schema)}`);
  return type === "integer" ? "number" : type;
}

function fields(schema: Schema, indent: string): string {
  return Object.entries(schema.properties ?? {})
    .map(([name, field]) => {
      const about = typeof field === "object" ? field.description : undefined;
      const optional = schema.required?.includes(name) === true ? "" : "?";
      const comment = about === undefined ? "" : `${indent}  /** ${about} */\n`;
      return `${comment}${indent}  ${name}${optional}: ${typeOf(field, `${indent}  `)};\n`;
    })
    .join("");
}
