// Payload formats: each event that a format has, in the other system's own words, the same bytes on every attempt.
import fc from "fast-check";
import { afterEach, describe, expect, test, vi } from "vitest";
import { EVENT_TYPES, SUBSCRIBABLE_TYPES } from "../../app/events/catalogue.ts";
import type { EventType } from "../../app/events/catalogue.ts";
import { carries, FORMAT_NAMES, FORMATS, offeredTypes, sayIn } from "../../app/webhooks/formats/formats.ts";
import type { FormatName } from "../../app/webhooks/formats/formats.ts";
import { uuidOf } from "../../app/webhooks/formats/uuid.ts";
import { newId } from "../../app/platform/ids.server.ts";
import { storedExample } from "./envelope.ts";

const bodyOf = (format: FormatName, type: EventType) =>
  JSON.parse(sayIn(format, type, storedExample(type))?.body ?? "null") as Record<string, unknown>;
const carriedBy = (format: FormatName) => EVENT_TYPES.filter((type) => carries(format, type));

describe.each(["masivo", "open-loyalty", "qurable"] as const)("%s", (format) => {
  test("says every event that it has as its golden file does", async () => {
    const said = carriedBy(format).map((type) => [type, bodyOf(format, type)]);
    const text = JSON.stringify(Object.fromEntries(said), null, 2) + "\n";
    await expect(text).toMatchFileSnapshot(`golden/${format}.json`);
  });
});

describe.each(FORMAT_NAMES)("%s", (format) => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test.each(carriedBy(format))("%s has the same bytes on every attempt, whenever that is", (type) => {
    const said = ["2026-11-01T19:00:00Z", "2026-11-04T07:30:00Z"].map((at) => {
      vi.useFakeTimers({ now: new Date(at) });
      return sayIn(format, type, storedExample(type));
    });
    expect(said[1]).toEqual(said[0]);
  });

  test("can be tested", () => {
    expect(carries(format, "test")).toBe(true);
    expect(JSON.stringify(bodyOf(format, "test"))).toContain("This is a test event from Laurel.");
  });

  test("offers what it has, but not the test", () => {
    expect(offeredTypes(format)).toEqual(carriedBy(format).filter((type) => type !== "test"));
    expect(offeredTypes(format).length).toBeGreaterThan(0);
  });
});

test("an event that a format does not have is said by nobody, nor is one that nobody knows", () => {
  expect(sayIn("qurable", "points.earned", storedExample("points.earned"))).toBeNull();
  expect(sayIn("xml", "points.earned", storedExample("points.earned"))).toBeNull();
  expect(sayIn("masivo", "constructor", storedExample("points.earned"))).toBeNull();
  expect(offeredTypes("xml")).toEqual([]);
});

test("an envelope that cannot be read is said by nobody, and stops nobody", () => {
  for (const stored of ["", "null", "{", '{"id":"evt_1"}', '{"id":"evt_1","data":null}']) {
    for (const format of ["masivo", "open-loyalty", "qurable"]) {
      expect([format, stored, sayIn(format, "member.created", stored)]).toEqual([format, stored, null]);
    }
  }
});

test("Laurel and CloudEvents have every event", () => {
  expect(offeredTypes("laurel")).toEqual(SUBSCRIBABLE_TYPES);
  expect(offeredTypes("cloudevents")).toEqual(SUBSCRIBABLE_TYPES);
});

test("Laurel's own is the stored text, byte for byte", () => {
  expect(sayIn("laurel", "test", '{"spaced" : 1.0}')).toEqual({ body: '{"spaced" : 1.0}', headers: {} });
});

test("a test says so in a header, because other systems' bodies have no place for it", () => {
  expect(sayIn("masivo", "test", storedExample("test"))?.headers).toMatchObject({ "X-Webhook-Test": "true" });
  const real = sayIn("masivo", "points.earned", storedExample("points.earned"));
  expect(real?.headers).toEqual({ "Content-Type": "application/json" });
});

describe("CloudEvents 1.0", () => {
  test.each(EVENT_TYPES)(
    "%s has the attributes that the specification asks for, named as it allows",
    (type) => {
      const { data, ...attributes } = bodyOf("cloudevents", type);
      const { data: told, ...envelope } = JSON.parse(storedExample(type)) as Record<string, unknown>;
      expect(attributes).toMatchObject({
        specversion: "1.0",
        id: envelope["id"],
        source: "https://my-store.myshopify.com",
        type,
        time: envelope["timestamp"],
      });
      for (const name of Object.keys(attributes)) expect(name).toMatch(/^[a-z0-9]{1,20}$/);
      expect(data).toEqual(told);
    },
  );

  test("is written as this", () => {
    expect(bodyOf("cloudevents", "order.matched")).toEqual({
      specversion: "1.0",
      id: "evt_01JD8Q2ZC4K6M8P0R2T4V6X8Z4",
      source: "https://my-store.myshopify.com",
      type: "order.matched",
      subject: "mem_01JD8Q2Z6V3N5T7X9B1C3E5G7J",
      time: "2026-11-01T19:00:00.000Z",
      datacontenttype: "application/json",
      apiversion: "2026-11",
      membersequence: 42,
      test: false,
      data: {
        shopify_customer_id: "7100000000001",
        email: "ada@example.com",
        member_id: "mem_01JD8Q2Z6V3N5T7X9B1C3E5G7J",
        order_id: "gid://shopify/Order/6200000000009",
        order_number: "1009",
        matched_by: "email",
        points_awarded: 40,
      },
    });
  });

  test("goes out as structured mode", () => {
    const said = sayIn("cloudevents", "points.earned", storedExample("points.earned"));
    expect(said?.headers).toEqual({ "Content-Type": "application/cloudevents+json" });
  });

  test("names the member as its subject, where there is one", () => {
    expect(bodyOf("cloudevents", "points.earned")).toHaveProperty(
      "subject",
      "mem_01JD8Q2Z6V3N5T7X9B1C3E5G7J",
    );
    const guest = JSON.parse(storedExample("order.recorded")) as { data: object };
    const stored = JSON.stringify({ ...guest, data: { ...guest.data, member_id: null } });
    expect(sayIn("cloudevents", "order.recorded", stored)?.body).not.toContain("subject");
  });
});

describe("Masivo", () => {
  const downgrade = (change: object) => {
    const event = JSON.parse(storedExample("customer.tier_downgrade")) as { data: object };
    const stored = JSON.stringify({ ...event, data: { ...event.data, ...change } });
    return (JSON.parse(sayIn("masivo", "customer.tier_downgrade", stored)?.body ?? "") as { data: object })
      .data;
  };

  test.each([
    ["event", "EVENT"],
    ["manual", "EVENT"],
    ["policy_change", "EVENT"],
    ["import", "EVENT"],
    ["reversal", "REVERSAL"],
    ["schedule", "CRON_DOWNGRADE"],
  ])("is told that %s is %s", (ours, theirs) => {
    expect(downgrade({ triggered_by: ours })).toHaveProperty("triggered_by", theirs);
  });

  test("is not told of a cause that there is not", () => {
    const data = downgrade({ trigger_event_id: null, trigger_event_type: null });
    expect(data).not.toHaveProperty("trigger_event_id");
    expect(data).not.toHaveProperty("trigger_event_type");
  });
});

describe("Open Loyalty", () => {
  const said = (type: EventType, change: object) => {
    const event = JSON.parse(storedExample(type)) as { data: object };
    const stored = JSON.stringify({ ...event, data: { ...event.data, ...change } });
    return (JSON.parse(sayIn("open-loyalty", type, stored)?.body ?? "") as { data: object }).data;
  };

  test("counts a loss as a positive change that subtracts", () => {
    const loss = said("points.balance_changed", { delta: -25, operation: "subtract" });
    expect(loss).toMatchObject({ amount: 162, amountChange: 25, amountChangeType: "subtract" });
  });

  test("has one event for a change of points, so that nobody counts it twice", () => {
    const points = offeredTypes("open-loyalty").filter((type) => type.startsWith("points."));
    expect(points).toEqual(["points.balance_changed"]);
  });

  test("names the level, its direction, and none for a member below the lowest", () => {
    expect(bodyOf("open-loyalty", "customer.tier_upgrade")["data"]).toMatchObject({ levelMove: "up" });
    const fallen = said("customer.tier_downgrade", { new_tier: null, new_tier_id: null, new_level: 0 });
    expect(fallen).toMatchObject({ levelId: null, levelName: null, levelMove: "down", tier: null });
  });

  test("writes money as the number that was read, and nothing for what could not be read", () => {
    for (const amount of ["58.90", "0.01", "123456789012.34"]) {
      expect(said("order.recorded", { amount })).toHaveProperty("grossValue", Number(amount));
    }
    expect(said("order.recorded", { amount: null })).toHaveProperty("grossValue", null);
  });
});

describe("an id as a UUID", () => {
  test("is the same milliseconds, version 7", () => {
    const id = newId("evt");
    expect(uuidOf(id)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    // 01JD8Q2ZC4 in Crockford's base 32.
    expect(uuidOf("evt_01JD8Q2ZC4K6M8P0R2T4V6X8Z4")).toMatch(/^01935171-7d84-7/);
    expect(uuidOf(id)).toBe(uuidOf(id));
  });

  test("keeps ids apart", () => {
    const letters = fc.string({
      unit: fc.constantFrom(..."0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
      minLength: 11,
      maxLength: 11,
    });
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        const uuid = (tail: string) => uuidOf(`evt_01JD8Q2ZC4K6M8P${tail}`.slice(0, 30));
        expect(uuid(one) === uuid(other)).toBe(one === other);
      }),
    );
  });
});

test("every format has a name and a sentence for merchants", () => {
  for (const { label, about } of Object.values(FORMATS)) {
    expect(label.length).toBeGreaterThan(3);
    expect(about).toMatch(/\.$/);
  }
});
