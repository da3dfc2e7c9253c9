// Properties over random histories of one order: whatever comes in whatever order and number, the end is the same.
import fc from "fast-check";
import { expect, test } from "vitest";
import { pointsFor } from "../../app/loyalty/earning.ts";
import { foldOrder } from "../../app/loyalty/fold-order.ts";
import type { OrderInput } from "../../app/loyalty/order.ts";
import { orderBody, refundBody } from "../orders/order-body.ts";
import type { RefundWords } from "../orders/order-body.ts";
import { decide, known, refundInput, stateInput, terms } from "../orders/known.ts";

const cents = fc.integer({ min: 0, max: 2_000_00 }).map((n) => (n / 100).toFixed(2));
const line = fc.record({
  price: cents,
  quantity: fc.integer({ min: 1, max: 5 }),
  discount: fc.option(cents, { nil: undefined }),
  giftCard: fc.boolean(),
});
const refund = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  lines: fc.array(
    fc.record({ line: fc.integer({ min: 1, max: 3 }), quantity: fc.integer({ min: 1, max: 2 }) }),
    { maxLength: 2 },
  ),
  discrepancy: fc.option(fc.constantFrom("-10.00", "-0.01", "3.00"), { nil: undefined }),
});
const minute = fc.integer({ min: 0, max: 3 }).map((n) => `2026-11-01T19:0${n}:00Z`);

function wordsOf(words: {
  id: number;
  lines: RefundWords["lines"];
  discrepancy: string | undefined;
}): RefundWords {
  return {
    id: words.id,
    lines: words.lines ?? [],
    ...(words.discrepancy ? { discrepancy: words.discrepancy } : {}),
  };
}

const state = fc
  .record({
    lines: fc.array(line, { minLength: 1, maxLength: 3 }),
    refunds: fc.array(refund, { maxLength: 2 }),
    status: fc.constantFrom("pending", "paid", "partially_refunded", "refunded", "voided"),
    updatedAt: minute,
    cancelled: fc.boolean(),
    customer: fc.constantFrom("71", "72", null),
  })
  .map(({ lines, refunds, cancelled, customer, ...rest }) =>
    stateInput(
      orderBody({
        ...rest,
        lines: lines.map(({ discount, ...words }) => ({ ...words, ...(discount ? { discount } : {}) })),
        refunds: refunds.map(wordsOf),
        customer: customer === null ? null : { id: customer },
        ...(cancelled ? { cancelledAt: "2026-11-02T00:00:00Z" } : {}),
      }),
    ),
  );
const input: fc.Arbitrary<OrderInput> = fc.oneof(
  state,
  refund.map((words) => refundInput(refundBody(wordsOf(words)))),
);

test("any permutation and duplication of one order's inputs ends equal", () => {
  const history = fc.array(input, { minLength: 1, maxLength: 6 });
  const shuffled = history.chain((inputs) =>
    fc.tuple(
      fc.constant(inputs),
      fc.shuffledSubarray([...inputs, ...inputs], {
        minLength: inputs.length * 2,
        maxLength: inputs.length * 2,
      }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([inputs, again]) => {
      expect(known(...again)).toEqual(known(...inputs));
      expect(pointsFor(known(...again), terms())).toEqual(pointsFor(known(...inputs), terms()));
    }),
  );
});

test("what was kept as JSON folds on as if it had never left memory", () => {
  fc.assert(
    fc.property(fc.array(input, { minLength: 1, maxLength: 4 }), input, (before, next) => {
      const kept = JSON.parse(JSON.stringify(known(...before))) as ReturnType<typeof known>;
      expect(foldOnto(kept, next)).toEqual(known(...before, next));
    }),
  );
});

function foldOnto(kept: ReturnType<typeof known>, next: OrderInput): ReturnType<typeof known> {
  return foldOrder(kept, next);
}

test("no order earns less than nothing or more than its cap", () => {
  fc.assert(
    fc.property(fc.array(input, { minLength: 1, maxLength: 5 }), (inputs) => {
      const { points } = pointsFor(known(...inputs), terms({ rate: "3.5", multiplier: "1.25" }));
      expect(points).toBeGreaterThanOrEqual(0);
      expect(points).toBeLessThanOrEqual(10_000_000);
      expect(Number.isInteger(points)).toBe(true);
    }),
  );
});

test("more to count never earns less", () => {
  fc.assert(
    fc.property(cents, cents, fc.constantFrom("0.5", "1", "1.25"), (a, b, rate) => {
      const [less, more] = [a, b]
        .sort((x, y) => Number(x) - Number(y))
        .map((price) => decide({ lines: [{ price }] }, { rate }).points);
      expect(less).toBeLessThanOrEqual(more ?? -1);
    }),
  );
});

test("refunding every unit, in any portions, leaves no points", () => {
  const portions = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(portions, cents, (units, price) => {
      const quantity = units.reduce((sum, n) => sum + n, 0);
      const refunds = units.map((n, i) =>
        refundInput(refundBody({ id: i + 1, lines: [{ line: 1, quantity: n }] })),
      );
      expect(
        pointsFor(known(stateInput(orderBody({ lines: [{ price, quantity }] })), ...refunds), terms()).points,
      ).toBe(0);
    }),
  );
});
