// The generated documents as text, from the code that they describe.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openApiDocument } from "../app/api/openapi.server.ts";
import { asyncApiDocument } from "../app/events/asyncapi.ts";
import { catalogueRow, EVENT_TYPES, type EventType } from "../app/events/catalogue.ts";
import { API_VERSION } from "../app/events/envelope.ts";
import { fieldsOf } from "../app/events/fields.ts";
import { DEFAULT_RETRY_SCHEDULE_S } from "../app/platform/env.server.ts";
import { FORMATS } from "../app/webhooks/formats/formats.ts";
import { SNIPPETS } from "../app/webhooks/snippets.ts";
import { eventsByFormat, otherSystems } from "./other-systems.ts";
import { receiverTypes } from "./receiver-types.ts";

const DOCS = join(import.meta.dirname, "..", "docs");
/** Each Laurel serves the document with its own. */
const ORIGIN = "https://laurel.example";
const FENCE = "```";

const Vector = z.object({
  name: z.string(),
  secret: z.string(),
  /** The new one, while the secret is rotated. */
  next_secret: z.string().optional(),
  id: z.string(),
  timestamp: z.string(),
  seconds: z.number(),
  body: z.string(),
  "x-webhook-signature": z.string(),
  "x-webhook-signature-next": z.string().optional(),
  "webhook-signature": z.string(),
});
export type Vector = z.output<typeof Vector>;

const fenced = (language: string, code: string) => `${FENCE}${language}\n${code}\n${FENCE}`;
const oneLine = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** docs/vectors.json, parsed. */
export function vectors(): Vector[] {
  return z.array(Vector).parse(JSON.parse(readFileSync(join(DOCS, "vectors.json"), "utf8")));
}

/** Every generated document: its file and its text. */
export function documents(): { file: string; text: string }[] {
  return [
    { file: join(DOCS, "webhooks.md"), text: webhooks() },
    { file: join(DOCS, "events.md"), text: events() },
    { file: join(DOCS, "asyncapi.json"), text: JSON.stringify(asyncApiDocument(ORIGIN), null, 2) + "\n" },
    { file: join(DOCS, "openapi.json"), text: JSON.stringify(openApiDocument(ORIGIN), null, 2) + "\n" },
    { file: join(DOCS, "..", "receiver", "events.ts"), text: receiverTypes() },
  ];
}

function webhooks(): string {
  const parts: Record<string, string> = {
    api_version: API_VERSION,
    schedule: DEFAULT_RETRY_SCHEDULE_S.map(duration).join(", "),
    snippets: SNIPPETS.map((s) => `### ${s.label}\n\n${fenced(s.language, s.code)}`).join("\n\n"),
    vectors: vectors().map(vector).join("\n\n"),
    formats: formats(),
    events_by_format: eventsByFormat(),
    other_systems: otherSystems(),
  };
  const template = readFileSync(join(DOCS, "webhooks.template.md"), "utf8");
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const part = parts[name];
    if (part === undefined) throw new Error(`webhooks.template.md asks for {{${name}}}, which nobody writes`);
    return part;
  });
}

function formats(): string {
  const rows = Object.entries(FORMATS).map(
    ([name, { label, contentType, about }]) => `| \`${name}\` | ${label} | \`${contentType}\` | ${about} |`,
  );
  return ["| format | | media type | |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${seconds / 60} min` : `${seconds / 3600} h`;
}

function vector({ name, ...values }: Vector): string {
  const lines = Object.entries(values).map(([key, value]) => `${key}: ${value}`);
  return `### ${name}\n\n${fenced("text", lines.join("\n"))}`;
}

function events(): string {
  const head = `# Events\n\nWhat \`data\` holds for each event type. The envelope around it is in [webhooks.md](webhooks.md).`;
  const list = EVENT_TYPES.map((type) => `- [\`${type}\`](#${type.replaceAll(".", "")})`).join("\n");
  return [head, list, ...EVENT_TYPES.map(section)].join("\n\n") + "\n";
}

function section(type: EventType): string {
  const { title, about, example } = catalogueRow(type);
  const rows = fieldsOf(type).map(
    (field) => `| \`${field.name}\` | ${oneLine(field.type)} | ${oneLine(field.about)} |`,
  );
  const table = ["| field | type | |", "| --- | --- | --- |", ...rows].join("\n");
  return `## ${type}\n\n**${title}.** ${about}\n\n${table}\n\n${fenced("json", JSON.stringify(example, null, 2))}`;
}
