// Payload formats against what the other systems' documents fix: kept as names, nesting and types (seed-shapes.json), and
// held against the documents where those are beside the checkout.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { carries, FORMATS, sayIn } from "../../app/webhooks/formats/formats.ts";
import type { FormatName } from "../../app/webhooks/formats/formats.ts";
import { oursFor, OTHER_SYSTEMS } from "../../scripts/other-systems.ts";
import { asText, keptShapes, SEED_SHAPES, shapeOf, shapesIn } from "../../scripts/seed-shapes.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { storedExample } from "./envelope.ts";

const SHAPES = keptShapes();
const eventsOf = (format: FormatName) => Object.keys(SHAPES[format] ?? {});
const theirsOf = (format: FormatName, event: string) => Object.entries(SHAPES[format]?.[event] ?? {});

const said = (format: FormatName) =>
  EVENT_TYPES.filter((type) => type !== "test" && carries(format, type)).map((type) => ({
    type,
    as: FORMATS[format].says(type)?.as ?? "",
    body: JSON.parse(sayIn(format, type, storedExample(type))?.body ?? "") as Record<string, unknown>,
  }));

describe("Masivo's document", () => {
  test("has ten events", () => {
    expect(eventsOf("masivo")).toHaveLength(10);
  });

  test.each(said("masivo"))("$as, which is our $type, has its fields, nesting and types", ({ as, body }) => {
    const theirs = theirsOf("masivo", as);
    expect(theirs.length).toBeGreaterThan(2);
    const ours = new Map(Object.entries(shapeOf(body)));
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

describe("Qurable's document", () => {
  test("has three events", () => {
    expect(eventsOf("qurable")).toHaveLength(3);
  });

  test.each(said("qurable"))("$as, which is our $type, has its fields, nesting and types", ({ as, body }) => {
    const theirs = theirsOf("qurable", as);
    expect(theirs.length).toBeGreaterThan(20);
    const ours = new Map(Object.entries(shapeOf(body)));
    const differing = theirs.filter(([path, kind]) => ours.get(path) !== kind).map(([path]) => path);
    const empty = differing.filter((path) => ours.get(path) === "null");
    expect(empty.toSorted()).toEqual(QURABLE_HAS_LAUREL_NOT.toSorted());
    // Inside of what is null, and of the tiers, which Qurable numbers.
    const within = [...empty, "event.executionResults.tiers[]"];
    expect(differing.filter((path) => !within.some((part) => path.startsWith(part)))).toEqual([]);
    expect([...ours.keys()].filter((path) => !theirs.some(([other]) => other === path))).toEqual([]);
  });
});

// It shows no bodies: ours are made from public pages, some after their manner only. docs/webhooks.md says so.
describe("Open Loyalty's document", () => {
  test.each(said("open-loyalty"))("names $as, which is our $type", ({ as, body }) => {
    expect(eventsOf("open-loyalty")).toContain(as);
    expect(body["type"]).toBe(as);
    expect(Object.keys(body)).toEqual(["type", "data"]);
  });
});

describe("Mage's document", () => {
  test.each(EVENT_TYPES.filter((type) => eventsOf("laurel").includes(type)))(
    "%s has its envelope, first and in its order",
    (type) => {
      const ours = Object.entries(shapeOf(JSON.parse(storedExample(type))));
      const theirs = theirsOf("laurel", type);
      expect(theirs.map(([path]) => path)).toEqual(["event", "shop", "timestamp", "data"]);
      expect(ours.filter(([path]) => theirs.some(([other]) => other === path))).toEqual(theirs);
    },
  );
});

test.each(OTHER_SYSTEMS)("the documentation lists every event of $name", ({ format, events }) => {
  expect(Object.keys(events).toSorted()).toEqual(eventsOf(format).toSorted());
});

const seeds = elsewhere("seeds");
test.skipIf(seeds === undefined)("what is kept of the documents is what they say now", () => {
  expect(readFileSync(SEED_SHAPES, "utf8")).toBe(asText(shapesIn(seeds ?? "")));
});

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
