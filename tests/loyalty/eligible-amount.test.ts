// Each row of the ledger's table about amounts, by example.
import { describe, expect, test } from "vitest";
import { pointsFor } from "../../app/loyalty/earning.ts";
import { orderBody, refundBody } from "../orders/order-body.ts";
import { decide, known, refundInput, stateInput, terms } from "../orders/known.ts";

describe("lines", () => {
  test("a 50.00 order earns 50 points, and 62 in a tier that multiplies by 1.25", () => {
    expect(decide({})).toMatchObject({ points: 50, basePoints: 50, eligible: "50.00", excluded: null });
    expect(decide({}, { multiplier: "1.25" })).toMatchObject({
      points: 62,
      basePoints: 50,
      exact: "62.5",
      rounding: "floor",
    });
  });

  test("discounts come from the allocations and the line's own total is not taken as well", () => {
    expect(decide({ lines: [{ price: "50.00", discount: "8.00", totalDiscount: "8.00" }] }).eligible).toBe(
      "42.00",
    );
    expect(decide({ lines: [{ price: "50.00", totalDiscount: "3.00" }] }).eligible).toBe("47.00");
  });

  test("a discount on three units is shared by what is left, and cut to whole cents once", () => {
    const decision = decide({ lines: [{ price: "10.00", quantity: 3, current: 2, discount: "0.01" }] });
    expect(decision.eligible).toBe("19.99"); // 2999 × 2 ÷ 3 = 1999.33
  });

  test("sold gift cards never earn, and the record says so", () => {
    const decision = decide({ lines: [{ price: "50.00", giftCard: true }, { price: "20.00" }] });
    expect(decision.points).toBe(20);
    expect(decision.lines[0]).toMatchObject({ excluded: "gift_card", eligible: "0.00" });
  });

  test("points are rounded down once for the order, not once for each line", () => {
    expect(decide({ lines: [{ price: "0.60" }, { price: "0.60" }] }).points).toBe(1);
  });

  test("a discount larger than its line does not take from other lines", () => {
    const decision = decide({ lines: [{ price: "5.00", discount: "9.00" }, { price: "20.00" }] });
    expect(decision.eligible).toBe("20.00");
    expect(decision.lines[0]?.excluded).toBe("not_above_zero");
  });
});

describe("tax, shipping, tips", () => {
  const taxed = {
    lines: [
      { price: "100.00", tax: "19.00" },
      { price: "50.00", tax: "9.50", giftCard: true },
    ],
  };

  test("tax on top counts only where the program says so, and never that of excluded lines", () => {
    expect(decide(taxed).eligible).toBe("100.00");
    expect(decide(taxed, { counts: { tax: true } }).eligible).toBe("119.00");
  });

  test("tax inside the price comes off where it does not count", () => {
    const included = { ...taxed, taxesIncluded: true };
    expect(decide(included).eligible).toBe("81.00");
    expect(decide(included, { counts: { tax: true } }).eligible).toBe("100.00");
  });

  test("shipping counts after discounts, without what was removed, with its tax where tax counts", () => {
    const words = {
      shipping: [
        { price: "10.00", tax: "1.90" },
        { price: "5.00", removed: true },
      ],
    };
    expect(decide(words).eligible).toBe("50.00");
    expect(decide(words, { counts: { shipping: true } }).eligible).toBe("60.00");
    expect(decide(words, { counts: { shipping: true, tax: true } }).eligible).toBe("61.90");
    expect(decide(words, { counts: { tax: true } }).eligible).toBe("50.00");
  });

  test("refunded shipping comes off the shipping and nothing else", () => {
    const words = { shipping: [{ price: "10.00" }], refunds: [{ id: 1, shipping: "-7.00" }] };
    expect(decide(words).eligible).toBe("50.00");
    expect(decide(words, { counts: { shipping: true } }).eligible).toBe("53.00");
  });

  test("a tip line is never goods; tips count once, where the program says so", () => {
    const words = { lines: [{ price: "50.00" }, { price: "5.00", tip: true, title: "Tip" }], tip: "5.00" };
    expect(decide(words).eligible).toBe("50.00");
    expect(decide(words, { counts: { tips: true } }).eligible).toBe("55.00");
  });
});

describe("currencies", () => {
  test.each([
    { currency: "JPY", price: "7000", points: 7000, eligible: "7000" },
    { currency: "KWD", price: "12.750", points: 12, eligible: "12.750" },
    { currency: "CLF", price: "1.23456", points: 1, eligible: "1.2345" },
    { currency: "USD", price: "10.999", points: 10, eligible: "10.99" },
  ])(
    "$currency keeps its own number of digits and cuts the rest",
    ({ currency, price, points, eligible }) => {
      expect(decide({ currency, lines: [{ price }] }, { currency })).toMatchObject({ points, eligible });
    },
  );

  test("the shop's money counts when the buyer paid in another currency", () => {
    const body = orderBody({ lines: [{ price: "40.00", quantity: 2, discount: "8.00" }] });
    expect(pointsFor(known(stateInput({ ...body, presentment_currency: "EUR" })), terms()).points).toBe(72);
  });

  test("an order in another currency without shop money earns nothing, and the record says why", () => {
    const decision = decide({ currency: "EUR", shopMoney: false });
    expect(decision).toMatchObject({ points: 0, excluded: "another_currency" });
    expect(decision.rules.find((rule) => rule.rule === "currency")?.found).toBe("EUR");
  });

  test("plain amounts serve where the order itself is in the shop's currency", () => {
    expect(decide({ shopMoney: false }).points).toBe(50);
  });
});

describe("refunded amounts", () => {
  test("an amount-only refund lowers what counts", () => {
    expect(decide({ refunds: [{ id: 1, discrepancy: "-10.00" }] }).eligible).toBe("40.00");
  });

  test("discrepancies are netted over all refunds; a positive sum is ignored; nothing falls below zero", () => {
    expect(
      decide({
        refunds: [
          { id: 1, discrepancy: "-10.00" },
          { id: 2, discrepancy: "4.00" },
        ],
      }).eligible,
    ).toBe("44.00");
    expect(decide({ refunds: [{ id: 1, discrepancy: "10.00" }] }).eligible).toBe("50.00");
    expect(decide({ refunds: [{ id: 1, discrepancy: "-99.00" }] }).eligible).toBe("0.00");
  });

  test("a refund that the order does not list yet comes off by its id, and is not taken twice when it does", () => {
    const order = { lines: [{ price: "10.00", quantity: 3 }] };
    const refund = { id: 9, lines: [{ line: 1, quantity: 1 }] };
    const early = known(stateInput(orderBody(order)), refundInput(refundBody(refund)));
    expect(pointsFor(early, terms()).points).toBe(20);
    const later = stateInput(
      orderBody({
        lines: [{ price: "10.00", quantity: 3, current: 2 }],
        refunds: [refund],
        updatedAt: "2026-11-02T09:00:01Z",
      }),
    );
    expect(
      pointsFor(known(stateInput(orderBody(order)), refundInput(refundBody(refund)), later), terms()).points,
    ).toBe(20);
  });

  test("a state from before current quantities counts down by the refunds themselves", () => {
    const body = orderBody({
      lines: [{ price: "10.00", quantity: 3 }],
      refunds: [{ id: 9, lines: [{ line: 1, quantity: 2 }] }],
    });
    const [line] = body["line_items"] as Record<string, unknown>[];
    if (line) delete line["current_quantity"];
    expect(pointsFor(known(stateInput(body)), terms()).points).toBe(10);
  });
});

describe("absurd amounts", () => {
  test("no order earns more than ten million points, and the record says that it was cut", () => {
    const decision = decide({ lines: [{ price: "99999999999999999999999999.99", quantity: 999999999 }] });
    expect(decision).toMatchObject({ points: 10_000_000, capped: true });
    expect(decision.rules.at(-1)).toEqual({ rule: "cap", passed: false });
  });

  test("a negative price earns nothing", () => {
    expect(decide({ lines: [{ price: "-50.00" }] })).toMatchObject({ points: 0, eligible: "0.00" });
  });

  test.each(["ten", "", "1e999", "0x10", "1,50"])(
    "a price written %j is named, and the order earns nothing",
    (price) => {
      const decision = decide({ lines: [{ price }, { price: "20.00" }] });
      expect(decision).toMatchObject({ points: 0, excluded: "unreadable_amount" });
      expect(decision.rules.find((rule) => rule.rule === "amounts")?.found).toBe("line_items[0].price");
    },
  );
});
