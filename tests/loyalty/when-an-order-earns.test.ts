// Whether an order earns at all, and which of several states of it counts.
import { describe, expect, test } from "vitest";
import { pointsFor } from "../../app/loyalty/earning.ts";
import { orderBody, refundBody } from "../orders/order-body.ts";
import { decide, known, refundInput, stateInput, terms } from "../orders/known.ts";

describe("paid", () => {
  test.each(["pending", "authorized", "partially_paid", "expired", null])(
    "status %j alone never earns",
    (status) => {
      expect(decide({ status })).toMatchObject({ points: 0, excluded: "not_paid" });
    },
  );

  test("partially refunded orders were paid", () => {
    expect(decide({ status: "partially_refunded" }).points).toBe(50);
  });

  test("orders/paid says it whatever the status says", () => {
    const input = stateInput(orderBody({ status: "pending" }), { paidTopic: true });
    expect(pointsFor(known(input), terms()).points).toBe(50);
  });

  test("an order stays paid when an edit makes it owe again", () => {
    const edited = stateInput(
      orderBody({ status: "partially_paid", lines: [{ price: "80.00" }], updatedAt: "2026-11-03T00:00:00Z" }),
    );
    expect(pointsFor(known(stateInput(orderBody()), edited), terms()).points).toBe(80);
  });
});

describe("ended", () => {
  test.each(["refunded", "voided"])("status %s earns nothing, whatever the lines say", (status) => {
    expect(decide({ status })).toMatchObject({ points: 0, excluded: "refunded_or_voided" });
  });

  test("a cancelled order earns nothing, whatever the lines say", () => {
    expect(decide({ cancelledAt: "2026-11-02T00:00:00Z" })).toMatchObject({
      points: 0,
      excluded: "cancelled",
    });
  });
});

describe("by configuration", () => {
  test("test orders earn only where the program says so", () => {
    expect(decide({ test: true })).toMatchObject({ points: 0, excluded: "test_order" });
    expect(decide({ test: true }, { counts: { testOrders: true } }).points).toBe(50);
  });

  test("draft orders earn unless the program says not", () => {
    expect(decide({ source: "shopify_draft_order" }).points).toBe(50);
    expect(decide({ source: "shopify_draft_order" }, { counts: { draftOrders: false } }).excluded).toBe(
      "draft_order",
    );
  });

  test("a guest's order earns nothing yet, but what it would count is on record", () => {
    expect(decide({}, { owner: "guest" })).toMatchObject({
      points: 0,
      excluded: "guest_order",
      eligible: "50.00",
    });
  });

  test("every rule that was tried is on record, also after the first that closed", () => {
    const { rules } = decide({ test: true, status: "voided" });
    expect(rules.filter((rule) => !rule.passed).map((rule) => rule.rule)).toEqual([
      "test_orders",
      "status",
      "paid",
      "shipping",
      "tips",
    ]);
  });
});

describe("several states of one order", () => {
  const newer = { lines: [{ price: "30.00" }], updatedAt: "2026-11-03T00:00:00Z" };

  test("an older state after a newer one replaces nothing, but that it was paid stays known", () => {
    const afterwards = known(
      stateInput(orderBody({ ...newer, status: "pending" })),
      stateInput(orderBody({})),
    );
    expect(pointsFor(afterwards, terms()).points).toBe(30);
  });

  test("an older state's refunds stay known", () => {
    const old = stateInput(orderBody({ refunds: [{ id: 4, discrepancy: "-5.00" }] }));
    expect(pointsFor(known(stateInput(orderBody(newer)), old), terms()).points).toBe(25);
  });

  test("times are compared as times, not as text", () => {
    const later = stateInput(orderBody({ ...newer, updatedAt: "2026-11-01T15:00:01-05:00" })); // 20:00:01 UTC
    expect(pointsFor(known(later, stateInput(orderBody())), terms()).points).toBe(30);
  });

  test("of two states with the same time, the one that was sent later wins", () => {
    const first = stateInput(orderBody({}), { triggeredAt: "2026-11-01T19:00:01.000000001" });
    const second = stateInput(orderBody({ lines: [{ price: "30.00" }] }), {
      triggeredAt: "2026-11-01T19:00:01.000000002",
    });
    expect(pointsFor(known(second, first), terms()).points).toBe(30);
    expect(pointsFor(known(first, second), terms()).points).toBe(30);
  });

  test("a refund that comes before its order waits for it", () => {
    const refund = refundInput(refundBody({ id: 4, lines: [{ line: 1, quantity: 1 }] }));
    expect(pointsFor(known(refund), terms())).toMatchObject({ points: 0, excluded: "order_not_known_yet" });
    const both = known(refund, stateInput(orderBody({ lines: [{ price: "10.00", quantity: 3 }] })));
    expect(pointsFor(both, terms()).points).toBe(20);
  });

  test("an order does not lose its customer to a state that names none", () => {
    const anonymous = stateInput(orderBody({ customer: null, updatedAt: "2026-11-05T00:00:00Z" }));
    expect(known(stateInput(orderBody()), anonymous).customer?.gid).toBe("gid://shopify/Customer/71");
  });
});
