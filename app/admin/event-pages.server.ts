// What the event catalogue shows of every event type.
import { catalogueRow, EVENT_TYPES } from "../events/catalogue.ts";
import { fieldsOf } from "../events/fields.ts";
import { jsonSchemaOf } from "../events/json-schema.ts";

/** Every event type with its trigger, fields, an example of its data and the JSON Schema of it, in catalogue order. */
export function readEventCatalogue() {
  return EVENT_TYPES.map((type) => {
    const { group, title, about, data, example } = catalogueRow(type);
    return {
      type,
      group,
      title,
      about,
      fields: fieldsOf(type),
      example: JSON.stringify(example, null, 2),
      schema: JSON.stringify(jsonSchemaOf(data), null, 2),
    };
  });
}
