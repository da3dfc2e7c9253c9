// The proof of every night: a ledger that adds up is proved without a word, one that does not is told of.
import { expect, test } from "vitest";
import type { CustomerGid, ShopId } from "../../app/loyalty/ids.ts";
import { accountFaults, PROVE_BATCH, proveNext, tellOfFaults } from "../../app/ledger/prove.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { mergeCustomers } from "../../app/orders/merge-customers.server.ts";
import { openNotices } from "../../app/shops/notices.server.ts";
import { adjustMember } from "../../app/tiers/adjust-member.server.ts";
import { aShop, entriesOf, memberOf, sendCustomer, sendOrder, sendRefund } from "../orders/a-shop.ts";
import "../support/database.ts";

const damage = (shop: ShopId, sql: string) => inShop(shop, (tx) => tx.db.$executeRawUnsafe(sql));
const faultsOf = async (shop: ShopId) => (await proveNext(shop, "")).found;
const ada = { customer: { id: "71", email: "ada@example.com" } };

async function aLivelyShop(): Promise<ShopId> {
  const shop = await aShop();
  await sendOrder(shop, { id: "1", ...ada, lines: [{ price: "100.00", quantity: 3 }] });
  await sendRefund(shop, { id: 9, order: "1", lines: [{ line: 1, quantity: 1 }] });
  await sendOrder(shop, { id: "2", ...ada });
  return shop;
}

test("a reversal that is waived, since the points are gone, proves", async () => {
  const shop = await aShop({ whenSpent: "clamp" });
  const memberId = await sendCustomer(shop, { id: "71", email: "ada@example.com" });
  await sendOrder(shop, { id: "1", ...ada });
  const spent = { points: -30, note: "spent", actor: "test", key: "k", countsForTier: false };
  expect(await adjustMember(shop, memberId, spent)).toMatchObject({ ok: true });
  await sendRefund(shop, { id: 9, order: "1", lines: [{ line: 1, quantity: 1 }] });
  expect((await entriesOf(shop)).at(-1)).toMatchObject({ points: -20, shortfall: 30 });
  expect(await faultsOf(shop)).toBe(0);
});

test("orders, refunds, an order that changes hands and a merge all prove", async () => {
  const shop = await aShop();
  await sendOrder(shop, { id: "1", ...ada, lines: [{ price: "100.00", quantity: 2 }] });
  await sendOrder(shop, { id: "2", ...ada });
  const grace = { id: "72", email: "grace@example.com" };
  const later = "2026-11-08T00:00:00Z";
  await sendOrder(shop, { id: "2", customer: grace, updatedAt: later }, { topic: "orders/updated" });
  await sendOrder(shop, { id: "3", customer: grace });
  const gid = (id: string) => `gid://shopify/Customer/${id}` as CustomerGid;
  await mergeCustomers(shop, { kept: gid("71"), deleted: gid("72") });
  await sendRefund(shop, { id: 9, order: "3", lines: [{ line: 1, quantity: 1 }] });
  expect(await memberOf(shop, "71")).toMatchObject({ balance: 250 });
  expect(await faultsOf(shop)).toBe(0);
});

const DAMAGES = [
  ["a balance that nobody posted", "UPDATE member SET balance = balance + 1"],
  ["a debt that nobody owes", "UPDATE member SET owed = owed + 1"],
  ["lifetime points from nowhere", "UPDATE member SET lifetime_points = lifetime_points + 500"],
  ["a lot that gave more than was taken", "UPDATE lot SET remaining = remaining - 1 WHERE order_id = '2'"],
  ["an order that thinks it gave more", `UPDATE "order" SET posted_points = 999 WHERE order_id = '1'`],
  ["an order that forgot a posting", `UPDATE "order" SET postings = 1 WHERE order_id = '1'`],
] as const;

test.each(DAMAGES)("%s is found", async (_, sql) => {
  const shop = await aLivelyShop();
  expect(await faultsOf(shop)).toBe(0);
  expect(await damage(shop, sql)).toBe(1);
  expect(await faultsOf(shop)).toBeGreaterThan(0);
});

test("the merchant is told once, and no longer when a round finds nothing", async () => {
  const shop = await aLivelyShop();
  const kinds = async () => (await inShop(shop, openNotices)).map(({ kind }) => kind);
  await tellOfFaults(shop, 2);
  await tellOfFaults(shop, 2);
  expect(await kinds()).toEqual(["ledger.unproved"]);
  await tellOfFaults(shop, 0);
  expect(await kinds()).toEqual([]);
});

test("a shop of many members is proved in steps, and the home page agrees with them", async () => {
  const shop = await aShop();
  await damage(
    shop,
    `INSERT INTO member (member_id, shop_id, balance, joined_at, last_activity_at)
     SELECT 'mem_' || lpad(n::text, 5, '0'), '${shop}', CASE WHEN n > ${PROVE_BATCH} THEN 1 ELSE 0 END, now(), now()
     FROM generate_series(1, ${PROVE_BATCH + 2}) n`,
  );
  await sendCustomer(shop, { id: "71", email: "ada@example.com" });
  const first = await proveNext(shop, "");
  expect(first).toEqual({ after: "mem_00500", found: 0 });
  expect(await proveNext(shop, first.after ?? "")).toEqual({ after: null, found: 2 });
  expect(await inShop(shop, (tx) => accountFaults(tx, null))).toHaveLength(2);
});
