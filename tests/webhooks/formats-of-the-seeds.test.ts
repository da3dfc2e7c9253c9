// Payload formats against the other systems' own documents, where those are beside the checkout.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { carries, FORMATS, sayIn } from "../../app/webhooks/formats/formats.ts";
import type { FormatName } from "../../app/webhooks/formats/formats.ts";
import { oursFor, OTHER_SYSTEMS } from "../../scripts/other-systems.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { storedExample } from "./envelope.ts";

const seeds = elsewhere("seeds");
const seed = (name: string) => {
  const file = join(seeds ?? "", name);
  return seeds !== undefined && existsSync(file) ? readFileSync(file, "utf8") : "";
};

/** Every JSON text of a document that begins at the start of a line; `{...}` and `[...]` stand for "anything". */
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

/** Paths and types of a JSON value: `data.customer_id: string`. A list is known by its first element. */
function shapeOf(value: unknown, path = ""): [string, string][] {
  if (Array.isArray(value))
    return [[path, "list"], ...(value.length > 0 ? shapeOf(value[0], `${path}[]`) : [])];
  if (value === null || typeof value !== "object") return [[path, value === null ? "null" : typeof value]];
  const inner = Object.entries(value).flatMap(([key, part]) =>
    shapeOf(part, path === "" ? key : `${path}.${key}`),
  );
  return path === "" ? inner : [[path, "object"], ...inner];
}

const said = (format: FormatName) =>
  EVENT_TYPES.filter((type) => type !== "test" && carries(format, type)).map((type) => ({
    type,
    as: FORMATS[format].says(type)?.as ?? "",
    body: JSON.parse(sayIn(format, type, storedExample(type))?.body ?? "") as Record<string, unknown>,
  }));

const masivo = seed("masivo-webhooks.txt");
describe.skipIf(masivo === "")("Masivo's document", () => {
  const examples = examplesIn(masivo);

  test("has ten events", () => {
    expect(examples.map((example) => example["event"])).toHaveLength(10);
  });

  test.each(said("masivo"))("$as, which is our $type, has its fields, nesting and types", ({ as, body }) => {
    const example = examples.find(({ event }) => event === as);
    const theirs = shapeOf(example ?? {});
    const ours = new Map(shapeOf(body));
    for (const [path, kind] of theirs) expect([path, ours.get(path)]).toEqual([path, kind]);
    // What we have beyond is only inside of what the document leaves open.
    const open = theirs.filter(([, kind]) => kind === "object" || kind === "list").map(([path]) => path);
    const inside = open.filter((path) => !theirs.some(([other]) => other.startsWith(`${path}.`)));
    const beyond = [...ours.keys()].filter((path) => !theirs.some(([other]) => other === path));
    expect(beyond.filter((path) => !inside.some((part) => path.startsWith(part)))).toEqual([]);
  });
});

const QURABLE_HAS_LAUREL_NOT = [
  "event.payload.profile.name",
  "event.payload.profile.lastName",
  "event.payload.profile.govId",
  "event.payload.profile.birthdate",
  "event.payload.profile.phoneNumber",
  "event.executionResults.profile.name",
  "event.executionResults.profile.lastName",
  "event.executionResults.profile.govId",
  "event.executionResults.profile.birthdate",
  "event.executionResults.profile.phoneNumber",
  "event.executionResults.ledgerWalletId",
];

const qurable = seed("qurable-events-webhook.txt");
describe.skipIf(qurable === "")("Qurable's document", () => {
  const examples = examplesIn(qurable).map((example) => example["event"] as Record<string, unknown>);

  test("has three events", () => {
    expect(examples.map(({ eventType }) => eventType)).toHaveLength(3);
  });

  test.each(said("qurable"))("$as, which is our $type, has its fields, nesting and types", ({ as, body }) => {
    const example = examples.find(({ eventType }) => eventType === as);
    const theirs = shapeOf({ event: example });
    const ours = new Map(shapeOf(body));
    const differing = theirs.filter(([path, kind]) => ours.get(path) !== kind).map(([path]) => path);
    const empty = differing.filter((path) => ours.get(path) === "null");
    expect(empty.toSorted()).toEqual(QURABLE_HAS_LAUREL_NOT.toSorted());
    // Inside of what is null, and of the tiers, which Qurable numbers.
    const within = [...empty, "event.executionResults.tiers[]"];
    expect(differing.filter((path) => !within.some((part) => path.startsWith(part)))).toEqual([]);
    expect([...ours.keys()].filter((path) => !theirs.some(([other]) => other === path))).toEqual([]);
  });
});

const openLoyalty = seed("open-loyalty-triggers.txt");
describe.skipIf(openLoyalty === "")("Open Loyalty's document", () => {
  test.each(said("open-loyalty"))("names $as, which is our $type", ({ as, body }) => {
    expect(openLoyalty.split("\n").map((line) => line.trim())).toContain(as);
    expect(body["type"]).toBe(as);
    expect(Object.keys(body)).toEqual(["type", "data"]);
  });
});

const mage = seed("mage-webhooks.txt");
/** The names of each document's events, as they stand there. */
const NAMES: Record<string, () => string[]> = {
  Mage: () => [...[...mage.matchAll(/^\| \[`([^`]+)`\]/gm)].map(([, name = ""]) => name), "test"],
  Masivo: () => examplesIn(masivo).map(({ event }) => String(event)),
  "Open Loyalty": () => openLoyalty.match(/^[A-Z][a-z]+(?:[A-Z][a-z]+)+$/gm) ?? [],
  Qurable: () =>
    examplesIn(qurable).map(({ event }) => String((event as Record<string, unknown>)["eventType"])),
};

test.skipIf(mage === "").each(OTHER_SYSTEMS)(
  "the documentation lists every event of $name",
  ({ name, events }) => {
    expect(Object.keys(events).toSorted()).toEqual(NAMES[name]?.().toSorted());
  },
);

describe.each(OTHER_SYSTEMS)("what is written of $name", (system) => {
  test.each(Object.entries(system.events))("fits what is said as %s", (event, note) => {
    // What has no event of ours says when it will, or why it never will; what has one no longer says so.
    const isMissing = /^(Comes with|Never:) /.test(note);
    expect([event, isMissing]).toEqual([event, oursFor(system, event).length === 0]);
  });

  test("names all that we say in its words", () => {
    const said = EVENT_TYPES.filter((type) => type !== "test").map(
      (type) => FORMATS[system.format].says(type)?.as ?? "",
    );
    const names = said.filter((name) => name !== "");
    // Laurel's own format is more than Mage's.
    if (system.format !== "laurel") expect(Object.keys(system.events)).toEqual(expect.arrayContaining(names));
  });
});
