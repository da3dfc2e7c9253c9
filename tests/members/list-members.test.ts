// The members' list as the page and the API read it.
import { expect, test } from "vitest";
import { listMembers, MEMBERS_PAGE } from "../../app/members/list-members.server.ts";
import type { MembersAsked, MembersPage } from "../../app/members/list-members.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { aShop, sendCustomer, sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";

async function page(shop: ShopId, asked: MembersAsked): Promise<MembersPage> {
  const listed = await inShop(shop, (tx) => listMembers(tx, asked));
  if (!listed.ok) throw new Error(listed.refusal);
  return listed.value;
}
const customers = (listed: MembersPage): (string | null)[] =>
  listed.members.map((member) => member.customerId);

test("pages lead forward and back over every member once, whatever they are sorted by", async () => {
  const shop = await aShop();
  const count = MEMBERS_PAGE + 7;
  for (let i = 1; i <= count; i += 1)
    await sendCustomer(shop, { id: String(1000 + i), email: `m${i}@example.com` });
  for (const sort of ["joined", "points", "lifetime"] as const) {
    const first = await page(shop, { sort });
    const second = await page(shop, { sort, cursor: first.next ?? "" });
    expect(new Set([...customers(first), ...customers(second)]).size).toBe(count);
    expect(second.next).toBeNull();
    expect(first.previous).toBeNull();
    expect(customers(await page(shop, { sort, cursor: second.previous ?? "" }))).toEqual(customers(first));
  }
});

test("search reads names, addresses and customer ids, and takes % and _ as they are", async () => {
  const shop = await aShop();
  await sendCustomer(shop, { id: "71", email: "ada_l@example.com" });
  await sendCustomer(shop, { id: "72", email: "bob@example.com" });
  expect(customers(await page(shop, { search: "ADA_L" }))).toEqual(["71"]);
  expect(customers(await page(shop, { search: "72" }))).toEqual(["72"]);
  expect(customers(await page(shop, { search: "%" }))).toEqual([]);
  expect(customers(await page(shop, { search: "o_b" }))).toEqual([]);
});

test("a tier filter and a sort by points", async () => {
  const shop = await aShop();
  await sendOrder(shop, { id: "1", customer: { id: "71" }, lines: [{ price: "600.00" }] });
  await sendOrder(shop, { id: "2", customer: { id: "72" }, lines: [{ price: "700.00" }] });
  await sendCustomer(shop, { id: "73" });
  expect(customers(await page(shop, { tierId: "silver", sort: "points" }))).toEqual(["72", "71"]);
  expect(customers(await page(shop, { sort: "points", descending: false }))).toEqual(["73", "71", "72"]);
  expect(customers(await page(shop, { tierId: "none" }))).toEqual([]);
});

const cursorOf = (...parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString("base64url");

test.each([
  "",
  "x",
  cursorOf(null),
  cursorOf("1", "a", false),
  cursorOf("2026-99-99T00:00:00.000Z", "a", true),
  cursorOf("99999999999", 5, false),
])("the cursor %j is refused", async (cursor) => {
  const shop = await aShop();
  const listed = await inShop(shop, (tx) => listMembers(tx, { cursor }));
  expect(listed).toMatchObject({ ok: false, refusal: "cursor_invalid" });
});

test("a cursor of another sort, or a number too large, is refused as well", async () => {
  const shop = await aShop();
  for (const cursor of [
    cursorOf("2026-01-01T00:00:00.000Z", "a", false),
    cursorOf("99999999999", "a", false),
  ]) {
    expect(await inShop(shop, (tx) => listMembers(tx, { cursor, sort: "points" }))).toMatchObject({
      ok: false,
    });
  }
});
