// Orders without a customer: kept, and matched with a verified address in whichever order the two come.
import { expect, test } from "vitest";
import { matchByHand } from "../../app/orders/match-guest-orders.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import "../support/database.ts";
import { aShop, eventsOf, memberOf, sendCustomer, sendOrder, sendRefund } from "./a-shop.ts";

const guest = (id: string, email = "gus@example.com", processedAt = "2026-11-01T19:00:00Z") => ({
  id,
  customer: null,
  email,
  processedAt,
});

test("a guest's order is kept without points, and says that it is not matched", async () => {
  const shop = await aShop();
  expect(await sendOrder(shop, guest("1"))).toMatchObject({ points: 0, memberId: null });
  const [event, ...others] = await eventsOf(shop);
  expect(others).toEqual([]);
  expect(event).toMatchObject({
    type: "order.recorded",
    sequence: 0,
    data: { matched: false, member_id: null, eligible_amount: "50.00" },
  });
});

test("when the customer registers, earlier orders are matched, oldest first", async () => {
  const shop = await aShop();
  await sendOrder(shop, {
    ...guest("2", " Gus@Example.com ", "2026-11-02T00:00:00Z"),
    lines: [{ price: "100.00" }],
  });
  await sendOrder(shop, { ...guest("1"), lines: [{ price: "600.00" }] });
  const memberId = await sendCustomer(shop, { id: "80", email: "GUS@example.com" });
  // The older order lifts to Silver, so the newer one earns 125.
  expect(await memberOf(shop, "80")).toMatchObject({ balance: 725, tierId: "silver" });
  const matches = (await eventsOf(shop, memberId)).filter(({ type }) => type === "order.matched");
  expect(matches.map(({ data }) => [data["order_id"], data["matched_by"], data["points_awarded"]])).toEqual([
    ["gid://shopify/Order/1", "email", 600],
    ["gid://shopify/Order/2", "email", 125],
  ]);
  const left = await inShop(shop, (tx) =>
    tx.db.order.count({ where: { shopId: shop, guestEmail: { not: null } } }),
  );
  expect(left).toBe(0);
});

test("an address that Shopify has not verified matches nothing, until it has", async () => {
  const shop = await aShop();
  await sendOrder(shop, guest("1"));
  await sendCustomer(shop, { id: "80", email: "gus@example.com", verified: false });
  expect(await memberOf(shop, "80")).toMatchObject({ balance: 0 });
  await sendCustomer(shop, { id: "80", email: "gus@example.com", verified: true });
  expect(await memberOf(shop, "80")).toMatchObject({ balance: 50 });
});

test("a guest's order of a known, verified address is matched as it comes", async () => {
  const shop = await aShop();
  await sendCustomer(shop, { id: "80", email: "gus@example.com" });
  expect((await sendOrder(shop, guest("1"))).points).toBe(50);
  expect((await eventsOf(shop)).map(({ type }) => type)).toContain("order.matched");
});

test("a first order with the customer matches what the guest ordered before", async () => {
  const shop = await aShop();
  await sendOrder(shop, guest("1"));
  await sendOrder(shop, { id: "2", customer: { id: "80", email: "gus@example.com" } });
  expect(await memberOf(shop, "80")).toMatchObject({ balance: 100 });
});

test("Shopify may name the customer later", async () => {
  const shop = await aShop();
  await sendOrder(shop, guest("1"));
  const named = {
    id: "1",
    customer: { id: "80", email: "gus@example.com" },
    updatedAt: "2026-11-02T00:00:00Z",
  };
  expect((await sendOrder(shop, named, { topic: "orders/updated" })).points).toBe(50);
  const match = (await eventsOf(shop)).find(({ type }) => type === "order.matched");
  expect(match?.data).toMatchObject({ matched_by: "customer", points_awarded: 50 });
});

test("a matched order stays with its member when a later state names nobody", async () => {
  const shop = await aShop();
  await sendCustomer(shop, { id: "80", email: "gus@example.com" });
  await sendOrder(shop, guest("1"));
  await sendRefund(shop, { id: 5, order: "1", lines: [{ line: 1, quantity: 1 }] });
  expect(await memberOf(shop, "80")).toMatchObject({ balance: 0 });
});

test("staff may match by hand, once", async () => {
  const shop = await aShop();
  await sendOrder(shop, guest("1"));
  const memberId = await sendCustomer(shop, { id: "81", email: "other@example.com" });
  expect(await matchByHand(shop, "404", memberId)).toMatchObject({ refusal: "order_unknown" });
  expect(await matchByHand(shop, "1", "mem_nobody")).toMatchObject({ refusal: "member_unknown" });
  expect(await matchByHand(shop, "1", memberId)).toMatchObject({ ok: true });
  expect(await matchByHand(shop, "1", memberId)).toMatchObject({ refusal: "order_already_matched" });
  expect(await memberOf(shop, "81")).toMatchObject({ balance: 50 });
});

test("a guest's order and the registration at the same moment do not miss each other", async () => {
  const shop = await aShop();
  const rounds = Array.from({ length: 12 }, (_, i) => String(100 + i));
  await Promise.all(
    rounds.flatMap((id) => [
      sendOrder(shop, guest(id, `g${id}@example.com`)),
      sendCustomer(shop, { id, email: `g${id}@example.com` }),
    ]),
  );
  for (const id of rounds) expect(await memberOf(shop, id)).toMatchObject({ balance: 50 });
});
