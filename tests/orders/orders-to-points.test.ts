// From a webhook to ledger entries, tiers and events, on a real database.
import { describe, expect, test } from "vitest";
import { proveLedger } from "../../app/ledger/queries.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { MAX_POINTS } from "../../app/loyalty/points.ts";
import { adjustMember } from "../../app/tiers/adjust-member.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import "../support/database.ts";
import {
  aShop,
  changeProgram,
  entriesOf,
  eventsOf,
  givePoints,
  memberOf,
  sendCustomer,
  sendOrder,
  sendRefund,
} from "./a-shop.ts";

const types = async (shop: ShopId): Promise<string[]> => (await eventsOf(shop)).map(({ type }) => type);

async function expectProof(shop: ShopId): Promise<void> {
  const proof = await inShop(shop, (tx) => proveLedger(tx));
  expect(proof.faults).toEqual([]);
  expect(proof.entries).toBe(proof.balances);
  expect(proof.remaining - proof.owed).toBe(proof.balances);
}

describe("a paid order", () => {
  test("enrols its customer, gives the points, and says so in numbered events", async () => {
    const shop = await aShop();
    const done = await sendOrder(shop);
    expect(done).toMatchObject({ points: 50, repeated: false });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 50, lifetimePoints: 50, tierId: "member" });
    const events = await eventsOf(shop);
    expect(events.map(({ type, sequence }) => [type, sequence])).toEqual([
      ["member.created", 1],
      ["customer.tier_assigned", 2],
      ["order.recorded", 3],
      ["points.earned", 4],
      ["points.balance_changed", 5],
    ]);
    expect(events[3]?.data).toMatchObject({
      shopify_customer_id: "71",
      email: "ada@example.com",
      points_earned: 50,
      points_balance: 50,
      lifetime_points: 50,
      source: "earning_rule",
      order_number: "1",
      order_id: "gid://shopify/Order/6200000000001",
    });
    await expectProof(shop);
  });

  test("gives no more than the account can hold, and takes back no more than it gave", async () => {
    const shop = await aShop();
    await sendCustomer(shop, { id: "71" });
    await givePoints(shop, "71", MAX_POINTS - 20);
    const lines = [{ price: "10.00", quantity: 3 }];
    expect((await sendOrder(shop, { id: "1", lines })).points).toBe(20);
    expect((await sendOrder(shop, { id: "2", lines })).points).toBe(0);
    expect(await memberOf(shop, "71")).toMatchObject({ balance: MAX_POINTS, lifetimePoints: MAX_POINTS });
    await expectProof(shop);
    await sendRefund(shop, { id: 5, order: "1", lines: [{ line: 1, quantity: 3 }] });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: MAX_POINTS - 20 });
    // There is room now, and the second order is heard of again.
    expect((await sendOrder(shop, { id: "2", lines })).points).toBe(20);
    await expectProof(shop);
  });

  test("reaching a threshold is one upgrade, however many tiers are skipped", async () => {
    const shop = await aShop();
    await sendOrder(shop, { lines: [{ price: "1600.00" }] });
    expect(await memberOf(shop, "71")).toMatchObject({ tierId: "gold" });
    const upgrades = (await eventsOf(shop)).filter(({ type }) => type === "customer.tier_upgrade");
    expect(upgrades).toHaveLength(1);
    expect(upgrades[0]?.data).toMatchObject({
      previous_tier: "Member",
      new_tier: "Gold",
      triggered_by: "event",
      trigger_event_type: "points.earned",
    });
  });

  test("the tier of the time multiplies, and stays pinned to the order", async () => {
    const shop = await aShop();
    await sendOrder(shop, { id: "1", lines: [{ price: "500.00" }] });
    expect((await sendOrder(shop, { id: "2" })).points).toBe(62);
    await inShop(shop, (tx) => changeProgram(tx, { pointsPerUnit: "9" }, 1));
    const edit = { id: "2", lines: [{ price: "60.00" }], updatedAt: "2026-11-03T00:00:00Z" };
    expect((await sendOrder(shop, edit, { topic: "orders/updated" })).points).toBe(13); // 75 − 62, by the old rules
    expect((await sendOrder(shop, { id: "3" })).points).toBe(562); // 50 × 9 × 1.25, cut
  });

  test("sent again with the same id it changes nothing; with another body it is refused", async () => {
    const shop = await aShop();
    await sendOrder(shop, {}, { webhookId: "same" });
    const before = await eventsOf(shop);
    expect(await sendOrder(shop, {}, { webhookId: "same" })).toMatchObject({ repeated: true, points: 0 });
    await expect(sendOrder(shop, { lines: [{ price: "1.00" }] }, { webhookId: "same" })).rejects.toThrow(
      "webhook_reused",
    );
    await expect(sendOrder(shop, { id: "99" }, { webhookId: "same" })).rejects.toThrow("webhook_reused");
    expect(await eventsOf(shop)).toEqual(before);
    expect(await inShop(shop, (tx) => tx.db.order.count({ where: { shopId: shop } }))).toBe(1);
  });

  test("sent again under another id it posts nothing", async () => {
    const shop = await aShop();
    await sendOrder(shop);
    expect((await sendOrder(shop)).points).toBe(0);
    expect(await entriesOf(shop)).toHaveLength(1);
  });

  test("of a shop that is not there nothing is kept", async () => {
    await expect(sendOrder("nobody.myshopify.com" as ShopId)).rejects.toThrow("shop_unknown");
  });

  test("in another currency it is kept with the reason and gives nothing", async () => {
    const shop = await aShop();
    expect((await sendOrder(shop, { currency: "EUR", shopMoney: false })).points).toBe(0);
    const order = await inShop(shop, (tx) => tx.db.order.findFirst({ where: { shopId: shop } }));
    expect(order?.decision).toMatchObject({ points: 0, excluded: "another_currency" });
    expect(await types(shop)).toContain("order.recorded");
    expect(await types(shop)).not.toContain("points.earned");
  });
});

describe("taking back", () => {
  test("a refund takes its share, the rest goes with the cancellation, and lifetime points fall with both", async () => {
    const shop = await aShop();
    await sendOrder(shop, { lines: [{ price: "200.00", quantity: 3 }] });
    expect(await memberOf(shop, "71")).toMatchObject({ tierId: "silver", balance: 600 });
    expect((await sendRefund(shop, { id: 5, lines: [{ line: 1, quantity: 1 }] })).points).toBe(-200);
    expect(await memberOf(shop, "71")).toMatchObject({ tierId: "member", balance: 400, lifetimePoints: 400 });
    const cancelled = {
      lines: [{ price: "200.00", quantity: 3 }],
      cancelledAt: "2026-11-04T00:00:00Z",
      updatedAt: "2026-11-04T00:00:00Z",
    };
    expect((await sendOrder(shop, cancelled, { topic: "orders/cancelled" })).points).toBe(-400);
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 0, lifetimePoints: 0 });
    const reversals = (await eventsOf(shop))
      .filter(({ type }) => type === "points.reversed")
      .map(({ data }) => [data["reason"], data["points"], data["refund_id"]]);
    expect(reversals).toEqual([
      ["refund", 200, "gid://shopify/Refund/5"],
      ["cancelled", 400, null],
    ]);
    expect(await types(shop)).toContain("customer.tier_downgrade");
    await expectProof(shop);
  });

  test("a refund that comes first waits for its order", async () => {
    const shop = await aShop();
    expect((await sendRefund(shop, { id: 5, lines: [{ line: 1, quantity: 1 }] })).points).toBe(0);
    expect(await eventsOf(shop)).toEqual([]);
    expect((await sendOrder(shop, { lines: [{ price: "10.00", quantity: 3 }] })).points).toBe(20);
    await expectProof(shop);
  });

  test("points that were spent are owed, and the next earning pays them", async () => {
    const shop = await aShop();
    await sendOrder(shop, { id: "1", lines: [{ price: "100.00" }] });
    const member = await memberOf(shop, "71");
    await spend(shop, member?.id ?? "", 70);
    await sendRefund(shop, { id: 5, order: "1", lines: [{ line: 1, quantity: 1 }] });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: -70, owed: 70, lifetimePoints: 0 });
    await expectProof(shop);
    await sendOrder(shop, { id: "2", lines: [{ price: "100.00" }] });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 30, owed: 0, lifetimePoints: 100 });
    await expectProof(shop);
  });

  test("or are waived by policy: the shortfall is on record and never taken again", async () => {
    const shop = await aShop({ whenSpent: "clamp" });
    await sendOrder(shop, { id: "1", lines: [{ price: "100.00" }] });
    await spend(shop, (await memberOf(shop, "71"))?.id ?? "", 70);
    const refund = { id: 5, order: "1", lines: [{ line: 1, quantity: 1 }] };
    await sendRefund(shop, refund);
    await sendRefund(shop, refund);
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 0, owed: 0, lifetimePoints: 0 });
    expect((await entriesOf(shop)).at(-1)).toMatchObject({ kind: "reverse", points: -30, shortfall: 70 });
    await sendOrder(shop, { id: "2", lines: [{ price: "100.00" }] });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 100 });
    await expectProof(shop);
  });
});

async function spend(shop: ShopId, memberId: string, points: number): Promise<void> {
  const done = await adjustMember(shop, memberId, {
    points: -points,
    note: "spent",
    actor: "test",
    key: `${memberId}-${points}`,
    countsForTier: false,
  });
  if (!done.ok) throw new Error(done.refusal);
}

describe("a change of customer", () => {
  test("takes the points from the first and gives them to the second, with the old pin", async () => {
    const shop = await aShop();
    await sendOrder(shop, { lines: [{ price: "600.00" }] });
    const moved = {
      lines: [{ price: "600.00" }],
      customer: { id: "72", email: "bo@example.com" },
      updatedAt: "2026-11-05T00:00:00Z",
    };
    await sendOrder(shop, moved, { topic: "orders/updated" });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 0, lifetimePoints: 0, tierId: "member" });
    expect(await memberOf(shop, "72")).toMatchObject({ balance: 600, tierId: "silver" });
    await expectProof(shop);
  });
});
