// A process that dies between enrolling a customer and matching what the guest ordered before leaves nothing for good.
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { LEFT_BATCH, matchLeftGuests } from "../../app/orders/match-left-guests.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { aShop, entriesOf, eventsOf, memberOf, sendCustomer, sendOrder } from "./a-shop.ts";
import "../support/database.ts";

const guest = (id: string, email: string) => ({
  id,
  customer: null,
  email,
  processedAt: `2026-11-0${id.at(-1)}T00:00:00Z`,
});

/** As it stands when the process died after the first of the two transactions. */
async function enrolledOnly(shop: ShopId, id: string, email: string, verified = true): Promise<void> {
  await sendCustomer(shop, { id, email: `before-${email}` });
  await inShop(shop, (tx) =>
    tx.db.member.updateMany({
      where: { shopId: shop, customerId: id },
      data: { email, emailVerified: verified },
    }),
  );
}

test("orders of an address that a member has verified are matched, oldest first, with the usual events", async () => {
  const shop = await aShop();
  await sendOrder(shop, { ...guest("2", "gus@example.com"), lines: [{ price: "100.00" }] });
  await sendOrder(shop, { ...guest("1", "gus@example.com"), lines: [{ price: "600.00" }] });
  await enrolledOnly(shop, "80", "gus@example.com");
  expect(await memberOf(shop, "80")).toMatchObject({ balance: 0 });
  expect(await matchLeftGuests(shop, "")).toEqual({ after: null, found: 2 });
  // The older one lifts to Silver first.
  expect(await memberOf(shop, "80")).toMatchObject({ balance: 725, tierId: "silver" });
  const matched = (await eventsOf(shop)).filter(({ type }) => type === "order.matched");
  expect(matched.map(({ data }) => data["points_awarded"])).toEqual([600, 125]);
});

test("again, or by two workers at once, it gives nothing twice", async () => {
  const shop = await aShop();
  await sendOrder(shop, guest("1", "gus@example.com"));
  await enrolledOnly(shop, "80", "gus@example.com");
  const [one, other] = await Promise.all([matchLeftGuests(shop, ""), matchLeftGuests(shop, "")]);
  expect(one.found + other.found).toBe(1);
  expect(await matchLeftGuests(shop, "")).toEqual({ after: null, found: 0 });
  expect(await entriesOf(shop)).toHaveLength(1);
});

test("an address that is not verified, a member who left, and another shop's member match nothing", async () => {
  const [shop, other] = [await aShop(), await aShop()];
  await sendOrder(shop, guest("1", "gus@example.com"));
  await sendOrder(shop, guest("2", "ada@example.com"));
  await sendOrder(shop, guest("3", "eve@example.com"));
  await enrolledOnly(shop, "80", "gus@example.com", false);
  await enrolledOnly(shop, "81", "ada@example.com");
  await inShop(shop, (tx) =>
    tx.db.member.updateMany({ where: { shopId: shop, customerId: "81" }, data: { state: "deactivated" } }),
  );
  await enrolledOnly(other, "82", "eve@example.com");
  expect(await matchLeftGuests(shop, "")).toEqual({ after: null, found: 0 });
  expect(await matchLeftGuests(other, "")).toEqual({ after: null, found: 0 });
});

test("many members are matched in steps", async () => {
  const shop = await aShop();
  const ids = Array.from({ length: LEFT_BATCH + 2 }, (_, i) => String(100 + i));
  for (const id of ids) await sendOrder(shop, guest(id, `g${id}@example.com`));
  for (const id of ids) await enrolledOnly(shop, id, `g${id}@example.com`);
  const first = await matchLeftGuests(shop, "");
  expect(first).toEqual({ after: expect.stringMatching(/^mem_/) as string, found: LEFT_BATCH });
  expect(await matchLeftGuests(shop, first.after ?? "")).toEqual({ after: null, found: 2 });
});
