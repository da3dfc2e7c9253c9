// /v1/events and /v1/event-types: polling beside the webhooks, and what there is to hear.
import { z } from "zod";
import { catalogueRow, EVENT_TYPES, SUBSCRIBABLE_TYPES } from "../events/catalogue.ts";
import type { EventType } from "../events/catalogue.ts";
import { exampleEnvelope } from "../events/envelope.ts";
import { findEvent, readFeed } from "../events/feed.server.ts";
import type { FeedEvent } from "../events/feed.server.ts";
import { jsonSchemaOf } from "../events/json-schema.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { carries, FORMAT_NAMES } from "../webhooks/formats/formats.ts";
import { commas, documentOf, operation, resource } from "./operation.ts";
import { linkTo, listed, listOf, numberedPageQuery, pageOfAll, pageQuery, sizeOf } from "./pages.ts";
import { time } from "./time.ts";

const area = "events";

const Event = resource(
  "event",
  z.object({
    event: z.string().describe("The event type."),
    recorded_at: time,
    payload: z
      .record(z.string(), z.unknown())
      .nullable()
      .describe(
        "The body of the webhook in Laurel's format (see /v1/asyncapi.json); null once it was removed.",
      ),
  }),
);

function present({ id, type, recordedAt, body }: FeedEvent): z.output<typeof Event> {
  const payload = body === null ? null : (JSON.parse(body) as Record<string, unknown>);
  return { type: "event", id, attributes: { event: type, recorded_at: recordedAt.toISOString(), payload } };
}

const feed = [
  operation({
    id: "listEvents",
    method: "GET",
    path: "/v1/events",
    area,
    access: "read",
    summary: "Poll events",
    about:
      "Oldest first. `links.next` is always there: ask it again later for what came since. An event that is committed late comes late; none is ever passed over, none comes twice. Tests are not among them: nothing happened. Bodies are kept for thirty days.",
    query: z.object({
      ...pageQuery,
      "page[start]": z
        .enum(["oldest", "newest"])
        .optional()
        .describe("Where to begin without a cursor; oldest unless said."),
      "filter[event]": commas(z.enum(EVENT_TYPES)).optional().describe("Event types, with commas."),
      "filter[member_id]": z.string().max(64).optional(),
    }),
    status: 200,
    answer: z.object({
      data: z.array(Event),
      meta: z.object({ per_page: z.int(), has_more: z.boolean() }),
      links: z.object({ next: z.string() }),
    }),
    refusals: ["cursor_invalid"],
    run: async ({ shopId, query, url }) => {
      const size = sizeOf(query);
      const wanted = {
        cursor: query["page[cursor]"],
        start: query["page[start]"],
        types: query["filter[event]"],
        memberId: query["filter[member_id]"],
      };
      const found = await readFeed(shopId, { ...wanted, size });
      if (!found.ok) return found;
      const { events, hasMore, next } = found.value;
      const meta = { per_page: size, has_more: hasMore };
      return accept({ data: events.map(present), meta, links: { next: linkTo(url, "page[cursor]", next) } });
    },
  }),
  operation({
    id: "getEvent",
    method: "GET",
    path: "/v1/events/{id}",
    area,
    access: "read",
    summary: "Get an event",
    about: "Also one that a test sent; its payload says `test: true`.",
    status: 200,
    answer: documentOf(Event),
    refusals: ["event_unknown"],
    run: async ({ shopId, params: { id = "" } }) => {
      const found = await findEvent(shopId, id);
      return found === null ? refuse("event_unknown") : accept({ data: present(found) });
    },
  }),
];

const Type = resource(
  "event_type",
  z.object({
    group: z.string(),
    title: z.string(),
    description: z.string(),
    subscribable: z.boolean().describe("False for `test`, which only a test sends."),
    formats: z.array(z.enum(FORMAT_NAMES)).describe("The payload formats that have it."),
    schema: z.record(z.string(), z.unknown()).describe("JSON Schema of the payload's `data`."),
    example: z.record(z.string(), z.unknown()).describe("A whole payload in Laurel's format."),
  }),
);

/** Of a type's place in the catalogue, so that it sorts as text. */
const PLACES = 4;

function presentType(type: EventType): z.output<typeof Type> {
  const { group, title, about, data } = catalogueRow(type);
  return {
    type: "event_type",
    id: type,
    attributes: {
      group,
      title,
      description: about,
      subscribable: SUBSCRIBABLE_TYPES.includes(type),
      formats: FORMAT_NAMES.filter((format) => carries(format, type)),
      schema: { ...jsonSchemaOf(data) },
      example: exampleEnvelope(type),
    },
  };
}

const eventTypes = operation({
  id: "listEventTypes",
  method: "GET",
  path: "/v1/event-types",
  area,
  access: "read",
  summary: "List event types",
  about: "In the catalogue's order.",
  query: z.object(numberedPageQuery),
  status: 200,
  answer: listOf(Type),
  refusals: ["cursor_invalid", "page_too_far"],
  run: (call) => {
    const textOf = (type: EventType) => String(EVENT_TYPES.indexOf(type)).padStart(PLACES);
    const page = pageOfAll(EVENT_TYPES, call.query, { textOf });
    return Promise.resolve(listed(call, page, presentType));
  },
});

/** All of /v1/events and /v1/event-types. */
export const events = [...feed, eventTypes];
