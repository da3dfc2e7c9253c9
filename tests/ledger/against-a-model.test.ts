// Random histories of many orders and adjustments, played on the database and on a small model side by side.
import fc from "fast-check";
import { expect, test } from "vitest";
import { proveLedger } from "../../app/ledger/queries.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { adjustMember } from "../../app/tiers/adjust-member.server.ts";
import {
  aShop,
  entriesOf,
  eventsOf,
  memberOf,
  sendCustomer,
  sendOrder,
  sendRefund,
} from "../orders/a-shop.ts";
import "../support/database.ts";

type Step =
  | { do: "order"; order: number }
  | { do: "refund"; order: number; refund: number }
  | { do: "cancel"; order: number }
  | { do: "adjust"; points: number; key: number };

const order = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("order" as const), order }),
  fc.record({
    do: fc.constant("refund" as const),
    order,
    refund: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ do: fc.constant("cancel" as const), order }),
  fc.record({
    do: fc.constant("adjust" as const),
    points: fc.integer({ min: -250, max: 120 }).filter((points) => points !== 0),
    key: fc.nat(3),
  }),
);

const PRICE = 100; // points of a unit, in a program of flat multipliers
const UNITS = 3;

/** The model: what each order ought to have given, and what adjustments did. Nothing is ever waived ("owe"). */
class Model {
  readonly orders = new Map<number, { seen: boolean; cancelled: boolean; refunds: Map<number, number> }>();
  readonly keys = new Map<number, number>();
  adjusted = 0;

  of(id: number): { seen: boolean; cancelled: boolean; refunds: Map<number, number> } {
    const known = this.orders.get(id) ?? {
      seen: false,
      cancelled: false,
      refunds: new Map<number, number>(),
    };
    this.orders.set(id, known);
    return known;
  }

  get lifetime(): number {
    return [...this.orders.values()].reduce((sum, known) => sum + this.target(known), 0);
  }

  get balance(): number {
    return this.lifetime + this.adjusted;
  }

  private target(known: { seen: boolean; cancelled: boolean; refunds: Map<number, number> }): number {
    if (!known.seen || known.cancelled) return 0;
    const refunded = [...known.refunds.values()].reduce((sum, units) => sum + units, 0);
    return PRICE * Math.max(0, UNITS - refunded);
  }
}

async function play(shop: ShopId, memberId: string, model: Model, one: Step): Promise<void> {
  const lines = [{ price: `${PRICE}.00`, quantity: UNITS }];
  if (one.do === "adjust") {
    const asked = {
      points: one.points,
      note: "test",
      actor: "test",
      key: `k${one.key}`,
      countsForTier: false,
    };
    const isNew = !model.keys.has(one.key);
    const fits = one.points > 0 || -one.points <= model.balance;
    const done = await adjustMember(shop, memberId, asked);
    expect(done.ok).toBe(isNew ? fits : model.keys.get(one.key) === one.points);
    if (done.ok && isNew) model.keys.set(one.key, one.points);
    if (done.ok && isNew) model.adjusted += one.points;
    return;
  }
  const known = model.of(one.order);
  const id = String(one.order);
  if (one.do === "order") {
    await sendOrder(shop, { id, lines });
    known.seen = true;
  } else if (one.do === "cancel") {
    const later = "2026-11-08T00:00:00Z";
    await sendOrder(shop, { id, lines, cancelledAt: later, updatedAt: later }, { topic: "orders/cancelled" });
    known.seen = known.cancelled = true;
  } else {
    // A refund does not change: how many units it takes follows from its id.
    const refund = one.order * 10 + one.refund;
    await sendRefund(shop, { id: refund, order: id, lines: [{ line: 1, quantity: one.refund }] });
    known.refunds.set(refund, one.refund);
  }
}

test(
  "balance, lifetime points, entries, lots and events agree with the model after every step",
  { timeout: 120_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
        const flat = [{ id: "member", name: "Member", threshold: 0, multiplier: "1" }];
        const shop = await aShop({ tiers: flat });
        const memberId = await sendCustomer(shop, { id: "71", email: "ada@example.com" });
        const model = new Model();
        for (const one of steps) {
          await play(shop, memberId, model, one);
          expect(await memberOf(shop, "71")).toMatchObject({
            balance: model.balance,
            lifetimePoints: model.lifetime,
          });
        }
        expect((await inShop(shop, (tx) => proveLedger(tx))).faults).toEqual([]);
        const changes = (await eventsOf(shop)).filter(({ type }) => type === "points.balance_changed");
        expect(changes.map(({ data }) => data["delta"])).toEqual(
          (await entriesOf(shop)).map(({ points }) => points),
        );
      }),
      { numRuns: 25 },
    );
  },
);

test("the database itself refuses what the code promises never to do", async () => {
  const shop = await aShop();
  await sendOrder(shop);
  const attempts = [
    "UPDATE ledger_entry SET points = points + 1",
    "DELETE FROM ledger_entry",
    "DELETE FROM event",
    "UPDATE lot SET remaining = -1",
    "UPDATE lot SET remaining = points + 1",
    "UPDATE member SET owed = -1",
    "UPDATE program SET settings = '{}'",
    "INSERT INTO ledger_entry SELECT 'ent_x', shop_id, member_id, kind, points, qualifying, shortfall, source, order_id, actor, reason, basis, balance_after, position + 1, occurred_at, recorded_at FROM ledger_entry",
  ];
  for (const sql of attempts) {
    await expect(
      inShop(shop, (tx) => tx.db.$executeRawUnsafe(sql)),
      sql,
    ).rejects.toThrow();
  }
  const other = await aShop();
  expect(await inShop(other, (tx) => tx.db.$executeRawUnsafe("UPDATE member SET balance = 0"))).toBe(0);
});
