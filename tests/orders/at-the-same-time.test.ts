// Many connections at once: the same order, one member, two members and each other's orders; and shops stay apart.
import { expect, test } from "vitest";
import { proveLedger } from "../../app/ledger/queries.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { adjustMember } from "../../app/tiers/adjust-member.server.ts";
import "../support/database.ts";
import { aShop, entriesOf, eventsOf, memberOf, sendOrder, sendRefund } from "./a-shop.ts";

const proves = async (shop: ShopId): Promise<void> => {
  expect((await inShop(shop, (tx) => proveLedger(tx))).faults).toEqual([]);
};

test("one order from eight connections at once gives its points once", async () => {
  const shop = await aShop();
  await Promise.all(Array.from({ length: 8 }, () => sendOrder(shop)));
  expect(await memberOf(shop, "71")).toMatchObject({ balance: 50 });
  expect(await entriesOf(shop)).toHaveLength(1);
  await proves(shop);
});

test("the same webhook from eight connections at once is done once and repeated seven times", async () => {
  const shop = await aShop();
  const done = await Promise.all(Array.from({ length: 8 }, () => sendOrder(shop, {}, { webhookId: "one" })));
  expect(done.filter(({ repeated }) => !repeated)).toHaveLength(1);
});

test("order, refund and cancellation at once end at nothing, every time", async () => {
  const shop = await aShop();
  const ids = Array.from({ length: 6 }, (_, i) => String(200 + i));
  await Promise.all(
    ids.flatMap((id) => [
      sendOrder(shop, { id }),
      sendRefund(shop, { id: Number(id), order: id, lines: [{ line: 1, quantity: 1 }] }),
      sendOrder(
        shop,
        { id, cancelledAt: "2026-11-03T00:00:00Z", updatedAt: "2026-11-03T00:00:00Z" },
        { topic: "orders/cancelled" },
      ),
    ]),
  );
  expect(await memberOf(shop, "71")).toMatchObject({ balance: 0, lifetimePoints: 0 });
  await proves(shop);
});

test("thirty orders of one member at once are all counted, and the events are numbered without gaps", async () => {
  const shop = await aShop();
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      sendOrder(shop, { id: String(300 + i), lines: [{ price: "1.00" }] }),
    ),
  );
  const member = await memberOf(shop, "71");
  expect(member).toMatchObject({ balance: 30 });
  const numbers = (await eventsOf(shop, member?.id)).map(({ sequence }) => sequence).sort((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
  await proves(shop);
});

test("orders that change hands in both directions at once do not block each other for good", async () => {
  const shop = await aShop();
  const [one, two] = [{ id: "71" }, { id: "72" }];
  await sendOrder(shop, { id: "1", customer: one });
  await sendOrder(shop, { id: "2", customer: two });
  const later = { updatedAt: "2026-11-09T00:00:00Z" };
  await Promise.all([
    sendOrder(shop, { id: "1", customer: two, ...later }),
    sendOrder(shop, { id: "2", customer: one, ...later }),
  ]);
  expect([await memberOf(shop, "71"), await memberOf(shop, "72")].map((member) => member?.balance)).toEqual([
    50, 50,
  ]);
  await proves(shop);
});

test("of ten deductions at once exactly as many succeed as the balance holds", async () => {
  const shop = await aShop();
  await sendOrder(shop);
  const id = (await memberOf(shop, "71"))?.id ?? "";
  const done = await Promise.all(
    Array.from({ length: 10 }, (_, i) =>
      adjustMember(shop, id, {
        points: -20,
        note: "test",
        actor: "test",
        key: `d${i}`,
        countsForTier: false,
      }),
    ),
  );
  expect(done.filter(({ ok }) => ok)).toHaveLength(2);
  expect(await memberOf(shop, "71")).toMatchObject({ balance: 10 });
  await proves(shop);
});

test("two shops with the same order, customer and webhook id know nothing of each other", async () => {
  const [one, two] = [await aShop(), await aShop({ pointsPerUnit: "2" })];
  const same = { webhookId: "the-same" };
  await Promise.all([sendOrder(one, {}, same), sendOrder(two, {}, same)]);
  expect((await memberOf(one, "71"))?.balance).toBe(50);
  expect((await memberOf(two, "71"))?.balance).toBe(100);
  const foreign = (await memberOf(two, "71"))?.id ?? "";
  const asked = { points: 5, note: "test", actor: "test", key: "k", countsForTier: false };
  expect(await adjustMember(one, foreign, asked)).toMatchObject({ refusal: "member_unknown" });
  expect(await inShop(one, (tx) => tx.db.member.count())).toBe(1);
});
