// Shopify's bodies, sane and otherwise: exact digits, clear refusals, never a crash.
import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pointsFor } from "../../app/loyalty/earning.ts";
import { customerFrom, mergeFrom } from "../../app/shopify/customer.ts";
import { exactJson } from "../../app/shopify/exact-json.ts";
import { instantFrom } from "../../app/shopify/fields.ts";
import { orderFrom } from "../../app/shopify/order.ts";
import { refundFrom } from "../../app/shopify/refund.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { known, stateInput, terms } from "../orders/known.ts";
import { orderBody, refundBody } from "../orders/order-body.ts";

const parsed = (text: string): unknown => {
  const json = exactJson(text);
  return json.ok ? json.value : json.refusal;
};

describe("exact JSON", () => {
  test("numbers keep the digits that were sent", () => {
    expect(parsed('{"id":820982911946154508,"subtotal":70.0,"big":1e400}')).toEqual({
      id: "820982911946154508",
      subtotal: "70.0",
      big: "1e400",
    });
  });

  test.each([
    ["{", "body_not_json"],
    ["", "body_not_json"],
    ["[]", "body_not_an_object"],
    ["null", "body_not_an_object"],
    ['"text"', "body_not_an_object"],
  ])("%j is refused as %s", (text, refusal) => {
    expect(parsed(text)).toBe(refusal);
  });

  test("invalid UTF-8 is refused", () => {
    expect(exactJson(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))).toEqual({
      ok: false,
      refusal: "body_not_utf8",
    });
  });

  test("nesting without an end is refused, not a crash", () => {
    expect(exactJson(`{"a":${"[".repeat(2_000_000)}`).ok).toBe(false);
    expect(exactJson(`{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`)).toMatchObject({ ok: false });
  });

  test("of a repeated key the last counts", () => {
    expect(parsed('{"id":1,"id":2}')).toEqual({ id: "2" });
  });

  test("text that PostgreSQL cannot keep is made storable", () => {
    expect(parsed('{"name":"a\\u0000b\\ud800"}')).toEqual({ name: "ab\ufffd" });
  });
});

describe("exact JSON against JavaScript's own reader", () => {
  type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
  const withReviver = JSON.parse as (text: string, reviver: Reviver) => unknown;
  const digits: Reviver = (_key, value, { source }) => (typeof value === "number" ? source : value);
  const expected = (text: string): unknown => {
    try {
      const value = withReviver(text, digits);
      return typeof value === "object" && value && !Array.isArray(value) ? value : "body_not_an_object";
    } catch {
      return "body_not_json";
    }
  };
  const spaced = fc.tuple(fc.json({ maxDepth: 4 }), fc.constantFrom(undefined, 1, "\t"));

  test("whatever is JSON reads the same, but for its numbers, which are their digits", () => {
    const body = spaced.map(([text, space]) =>
      JSON.stringify({ body: JSON.parse(text) as unknown }, null, space),
    );
    fc.assert(fc.property(body, (text) => void expect(parsed(text)).toEqual(expected(text))));
  });

  test("whatever is almost JSON is refused the same", () => {
    const part = fc.constantFrom(
      ...'{}[]:,"\\0123456789.eE+- \n\t',
      "1e5",
      "-0",
      "tru",
      "true",
      '"a"',
      '"a":',
      "01",
    );
    const text = fc.array(part, { maxLength: 12 }).map((parts) => `{"a":${parts.join("")}}`);
    fc.assert(
      fc.property(text, (almost) => void expect(parsed(almost)).toEqual(expected(almost))),
      { numRuns: 5_000 },
    );
  });

  test.each([
    "{1:2}",
    '{"a":1,2:3}',
    "{1 :2}",
    '{"a":01}',
    '{"a":1.}',
    '{"a":.5}',
    '{"a":+1}',
    '{"a":-}',
    '{"a":1 2}',
  ])("%s is no JSON, and quoting its numbers does not make it so", (text) =>
    expect(parsed(text)).toBe("body_not_json"),
  );

  test("two hundred objects within each other are read, one more is too deep", () => {
    const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
    expect(typeof parsed(nested(200))).toBe("object");
    expect(parsed(nested(201))).toBe("body_too_deep");
  });
});

describe("orders", () => {
  test("an id beyond 2^53 survives, stated as gid or as digits", () => {
    const seen = orderFrom(parsed('{"id":820982911946154508,"line_items":[]}'));
    expect(seen.ok && seen.value.facts.id).toBe("gid://shopify/Order/820982911946154508");
  });

  test("without an id there is no order", () => {
    expect(orderFrom({})).toEqual({ ok: false, refusal: "order_id_missing" });
    expect(orderFrom({ id: "abc" })).toEqual({ ok: false, refusal: "order_id_missing" });
  });

  test("a body of nothing but an id is kept, and earns nothing, with the reason", () => {
    const decision = pointsFor(
      known(stateInput({ id: 5, financial_status: "paid", currency: "USD" })),
      terms(),
    );
    expect(decision).toMatchObject({ points: 0, excluded: "unreadable_amount" });
  });

  test("the address is trimmed and lower-case; contact_email serves where email is missing", () => {
    const seen = orderFrom({ id: "5", email: null, contact_email: "  Ada@Example.COM " });
    expect(seen.ok && seen.value.email).toBe("ada@example.com");
  });

  test("a customer without an id is a guest", () => {
    const seen = orderFrom({ id: "5", customer: { email: "a@b.example" } });
    expect(seen.ok && seen.value.facts.customer).toBeNull();
  });

  test("facts hold no personal data", () => {
    const seen = orderFrom(parsed(JSON.stringify(orderBody())));
    expect(JSON.stringify(seen.ok && seen.value.facts)).not.toContain("ada@");
  });

  test("a negative or odd quantity is named", () => {
    const seen = orderFrom({
      id: "5",
      currency: "USD",
      line_items: [{ id: "1", price: "1.00", quantity: "-3" }, "odd", null],
    });
    expect(seen.ok && seen.value.facts.unreadable).toContain("line_items[0].quantity");
  });

  test("whatever a field holds, reading does not crash", () => {
    const fields = Object.keys(orderBody());
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...fields), fc.jsonValue()), (odd) => {
        const json = exactJson(JSON.stringify({ ...orderBody(), ...odd }));
        const seen = orderFrom(json.ok ? json.value : null);
        if (seen.ok) JSON.stringify(seen.value);
      }),
    );
  });
});

describe("refunds", () => {
  test("order and lines come as numbers and become gids from their digits", () => {
    const text =
      '{"id":890088186047892319,"order_id":820982911946154508,"refund_line_items":[{"quantity":1,"line_item_id":487817672276298554,"subtotal":70.0}]}';
    const seen = refundFrom(parsed(text));
    expect(seen.ok && seen.value).toMatchObject({
      order: "gid://shopify/Order/820982911946154508",
      refund: {
        id: "gid://shopify/Refund/890088186047892319",
        lines: [{ line: "gid://shopify/LineItem/487817672276298554", quantity: 1 }],
      },
    });
  });

  test("without its own or its order's id it is refused", () => {
    expect(refundFrom({ id: "1" })).toEqual({ ok: false, refusal: "order_id_missing" });
    expect(refundFrom({ order_id: "1" })).toEqual({ ok: false, refusal: "refund_id_missing" });
  });

  test("refunded shipping is read from adjustments, or from shipping lines where there are none", () => {
    const adjusted = refundFrom(
      parsed(JSON.stringify(refundBody({ id: 1, shipping: "-7.00", shippingTax: "-0.56" }))),
    );
    expect(adjusted.ok && adjusted.value.refund).toMatchObject({ shipping: "-7", shippingTax: "-0.56" });
    const set = { shop_money: { amount: "7.00", currency_code: "USD" } };
    const listed = refundFrom({
      id: "1",
      order_id: "2",
      refund_shipping_lines: [{ subtotal_amount_set: set }],
    });
    expect(listed.ok && listed.value.refund.shipping).toBe("-7");
  });
});

describe("customers", () => {
  test("a customer is read with what Shopify says, missing parts as null", () => {
    const seen = customerFrom({ id: "71", email: " Ada@Example.com", verified_email: true });
    expect(seen.ok && seen.value).toMatchObject({
      gid: "gid://shopify/Customer/71",
      email: "ada@example.com",
      emailVerified: true,
      firstName: null,
    });
    expect(customerFrom({})).toEqual({ ok: false, refusal: "customer_id_missing" });
  });

  test("a merge that Shopify calls failed is refused", () => {
    const ids = {
      admin_graphql_api_customer_kept_id: "gid://shopify/Customer/1",
      admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/2",
    };
    expect(mergeFrom({ ...ids, status: "completed" }).ok).toBe(true);
    expect(mergeFrom({ ...ids, status: "failed" })).toEqual({ ok: false, refusal: "merge_not_completed" });
  });
});

test("times sort as text, to the nanosecond", () => {
  expect(instantFrom("2026-11-01T14:00:00.123456789-05:00")).toBe("2026-11-01T19:00:00.123456789");
  expect(instantFrom("2026-11-01T19:00:00Z")).toBe("2026-11-01T19:00:00.000000000");
  expect(instantFrom("9999-12-31T23:59:59-12:00")).toBeNull();
  expect(instantFrom("0000-01-01T00:00:00+12:00")).toBeNull();
  for (const odd of ["yesterday", "", null, "2026-13-45T99:00:00Z", "2026-11-01"])
    expect(instantFrom(odd)).toBeNull();
});

const folder = elsewhere("payloads") ?? "";
const files = folder ? globSync("{orders,refunds,customers,customer}-*/*.json", { cwd: folder }) : [];

describe.skipIf(files.length === 0)("bodies from elsewhere", () => {
  test.each(files)("%s is read without a crash", (file) => {
    const json = exactJson(readFileSync(join(folder, file)));
    if (!json.ok) return expect(json.refusal).toBe("body_not_an_object");
    const topic = basename(dirname(file));
    if (topic === "refunds-create") return expect(refundFrom(json.value)).toHaveProperty("ok");
    if (topic.startsWith("customer"))
      return expect([customerFrom(json.value), mergeFrom(json.value)]).toHaveLength(2);
    const seen = orderFrom(json.value);
    if (seen.ok) {
      const decision = pointsFor(
        known(stateInput(JSON.parse(readFileSync(join(folder, file), "utf8")))),
        terms(),
      );
      expect(Number.isInteger(decision.points)).toBe(true);
    }
    return expect(seen).toHaveProperty("ok");
  });
});
