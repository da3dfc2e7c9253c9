// Every event type is complete: a schema, an example that fits it, a paragraph; and Mage's fields are as Mage's are.
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  catalogue,
  catalogueRow,
  EVENT_TYPES,
  isEventType,
  SUBSCRIBABLE_TYPES,
} from "../../app/events/catalogue.ts";
import type { EventType } from "../../app/events/catalogue.ts";
import { fieldsOf } from "../../app/events/fields.ts";
import { envelopeSchema, exampleEnvelope } from "../../app/events/envelope.ts";

describe.each(EVENT_TYPES)("%s", (type) => {
  const row = catalogueRow(type);

  test("has an example that its own schema accepts without dropping a field", () => {
    expect(row.data.parse(row.example)).toEqual(row.example);
  });

  test("is told in an envelope that has a schema of its own", () => {
    expect(envelopeSchema(type).parse(exampleEnvelope(type))).toEqual(exampleEnvelope(type));
    expect(envelopeSchema(type).safeParse({ ...exampleEnvelope(type), event: "other" }).success).toBe(false);
  });

  test("has words for every field, those inside others too", () => {
    const fields = fieldsOf(type);
    expect(fields.filter(({ about }) => !/\.$/.test(about)).map(({ name }) => name)).toEqual([]);
    expect(new Set(fields.map(({ name }) => name)).size).toBe(fields.length);
    expect(fields.map(({ name }) => name).filter((name) => !name.includes("."))).toEqual(
      Object.keys(row.example as object),
    );
  });

  test("has a title, a paragraph, and a JSON Schema", () => {
    expect(row.title.length).toBeGreaterThan(3);
    expect(row.about.length).toBeGreaterThan(60);
    expect(z.toJSONSchema(row.data)).toHaveProperty("properties");
  });
});

test("fields inside others are named by their way", () => {
  const names = (type: EventType) => fieldsOf(type).map(({ name }) => name);
  expect(names("points.earned")).toEqual(
    expect.arrayContaining(["lot", "lot.id", "lot.available_from", "lot.expires_at"]),
  );
  expect(names("member.updated")).toEqual(
    expect.arrayContaining(["changes", "changes.*.before", "changes.*.after"]),
  );
});

const MAGE: Partial<Record<EventType, readonly string[]>> = {
  "points.earned": [
    "shopify_customer_id",
    "email",
    "points_earned",
    "points_balance",
    "lifetime_points",
    "source",
    "earning_rule_name",
    "order_number",
  ],
  "customer.tier_upgrade": ["shopify_customer_id", "email", "previous_tier", "new_tier", "lifetime_points"],
  "customer.tier_downgrade": ["shopify_customer_id", "email", "previous_tier", "new_tier", "lifetime_points"],
};

test.each(Object.entries(MAGE))(
  "%s begins with the fields that receivers written for Mage read",
  (type, fields) => {
    const { example } = catalogueRow(type as EventType);
    expect(Object.keys(example as object).slice(0, fields.length)).toEqual(fields);
  },
);

test("test events are sent by the Test button and are not subscribed to", () => {
  expect(SUBSCRIBABLE_TYPES).not.toContain("test");
  expect(SUBSCRIBABLE_TYPES).toHaveLength(Object.keys(catalogue).length - 1);
  expect(isEventType("points.earned")).toBe(true);
  expect(isEventType("toString")).toBe(false);
});
