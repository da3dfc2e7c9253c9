// What the other systems' documents fix of each event: its name, and the names, nesting and types of its fields. No value
// and no text of theirs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { FormatName } from "../app/webhooks/formats/formats.ts";

/** From a path (`data.lines[]`) to its type. A list is known by its first element. */
export type Shape = Readonly<Record<string, string>>;

/** By the format that says it, then by the event's name there. null: the document names it and shows no body. */
export type SeedShapes = Readonly<Partial<Record<FormatName, Readonly<Record<string, Shape | null>>>>>;

/** Where the derived shapes are kept. */
export const SEED_SHAPES = join(import.meta.dirname, "../tests/webhooks/seed-shapes.json");

/** Paths and types of a JSON value. */
export function shapeOf(value: unknown): Shape {
  return Object.fromEntries(pathsOf(value, ""));
}

function pathsOf(value: unknown, path: string): [string, string][] {
  if (Array.isArray(value))
    return [[path, "list"], ...(value.length > 0 ? pathsOf(value[0], `${path}[]`) : [])];
  if (value === null || typeof value !== "object") return [[path, value === null ? "null" : typeof value]];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    pathsOf(part, path === "" ? key : `${path}.${key}`),
  );
  return path === "" ? inner : [[path, "object"], ...inner];
}

// Every JSON text of a document that begins at the start of a line; `{...}` and `[...]` stand for "anything".
function examplesIn(text: string): Record<string, unknown>[] {
  const plain = text
    .replaceAll(/(?<!\S)\/\/.*$/gm, "")
    .replaceAll("{...}", "{}")
    .replaceAll("[...]", "[]");
  const found: Record<string, unknown>[] = [];
  for (let from = plain.search(/^\{$/m), at = from, depth = 0; from >= 0 && at < plain.length; at += 1) {
    depth += plain[at] === "{" ? 1 : plain[at] === "}" ? -1 : 0;
    if (depth > 0) continue;
    found.push(JSON.parse(plain.slice(from, at + 1)) as Record<string, unknown>);
    const next = plain.slice(at + 1).search(/^\{$/m);
    from = next < 0 ? -1 : at + 1 + next;
    at = from - 1;
  }
  return found;
}

const byName = (examples: Record<string, unknown>[], nameOf: (example: Record<string, unknown>) => unknown) =>
  Object.fromEntries(examples.map((example) => [String(nameOf(example)), shapeOf(example)]));

/** The shapes of every event in the documents of a folder. */
export function shapesIn(folder: string): SeedShapes {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const mage = read("mage-webhooks.txt");
  // One envelope for all; what is in its `data` is on pages of their own.
  const [envelope = {}] = examplesIn(mage);
  const mageNames = [...mage.matchAll(/^\| \[`([^`]+)`\]/gm)].map(([, name = ""]) => name);
  const named = read("open-loyalty-triggers.txt").match(/^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/gm) ?? [];
  return {
    laurel: Object.fromEntries([...mageNames, "test"].map((name) => [name, shapeOf(envelope)])),
    masivo: byName(examplesIn(read("masivo-webhooks.txt")), ({ event }) => event),
    "open-loyalty": Object.fromEntries(named.map((name) => [name, null])),
    qurable: byName(
      examplesIn(read("qurable-events-webhook.txt")),
      ({ event }) => (event as Record<string, unknown>)["eventType"],
    ),
  };
}

export const asText = (shapes: SeedShapes): string => `${JSON.stringify(shapes, null, 2)}\n`;

/** The shapes as they are kept. */
export const keptShapes = (): SeedShapes => JSON.parse(readFileSync(SEED_SHAPES, "utf8")) as SeedShapes;
