// What customers' webhooks do to members: enrol, update, end, merge.
import { describe, expect, test } from "vitest";
import { proveLedger } from "../../app/ledger/queries.server.ts";
import type { CustomerGid } from "../../app/loyalty/ids.ts";
import { MAX_POINTS } from "../../app/loyalty/points.ts";
import { mergeCustomers } from "../../app/orders/merge-customers.server.ts";
import { recordCustomerDeleted } from "../../app/orders/record-customer.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import {
  aShop,
  eventsOf,
  givePoints,
  memberOf,
  sendCustomer,
  sendOrder,
  sendRefund,
} from "../orders/a-shop.ts";
import "../support/database.ts";

const customer = (id: string) => `gid://shopify/Customer/${id}` as CustomerGid;

test("a new customer is a member with balance 0 and the lowest tier", async () => {
  const shop = await aShop();
  await sendCustomer(shop, { id: "71", email: "ada@example.com" });
  expect(await memberOf(shop, "71")).toMatchObject({ balance: 0, tierId: "member", state: "active" });
  expect((await eventsOf(shop)).map(({ type }) => type)).toEqual([
    "member.created",
    "customer.tier_assigned",
  ]);
});

test("an update tells only what changed, and the same again tells nothing", async () => {
  const shop = await aShop();
  await sendCustomer(shop, { id: "71", email: "ada@old.example" });
  await sendCustomer(shop, { id: "71", email: "ada@example.com" });
  await sendCustomer(shop, { id: "71", email: "ada@example.com" });
  const updates = (await eventsOf(shop)).filter(({ type }) => type === "member.updated");
  expect(updates.map(({ data }) => data["changes"])).toEqual([
    { email: { before: "ada@old.example", after: "ada@example.com" } },
  ]);
});

test("a deleted customer keeps the ledger and earns no more, but refunds still take back", async () => {
  const shop = await aShop();
  await sendOrder(shop, { id: "1", lines: [{ price: "10.00", quantity: 3 }] });
  await recordCustomerDeleted(shop, customer("71"));
  await recordCustomerDeleted(shop, customer("71"));
  expect(
    (await eventsOf(shop))
      .filter(({ type }) => type === "member.deactivated")
      .map(({ data }) => data["points_forfeited"]),
  ).toEqual([30]);
  expect((await sendOrder(shop, { id: "2" })).points).toBe(0);
  expect((await sendRefund(shop, { id: 5, order: "1", lines: [{ line: 1, quantity: 1 }] })).points).toBe(-10);
  expect(await memberOf(shop, "71")).toMatchObject({ balance: 20, state: "deactivated" });
});

describe("merging", () => {
  test("lots, debt, lifetime points and orders move as they are, once", async () => {
    const shop = await aShop();
    await sendOrder(shop, { id: "1", lines: [{ price: "400.00" }] });
    await sendOrder(shop, { id: "2", lines: [{ price: "200.00" }], customer: { id: "72" } });
    const merge = { kept: customer("72"), deleted: customer("71") };
    await mergeCustomers(shop, merge);
    await mergeCustomers(shop, merge);
    expect(await memberOf(shop, "72")).toMatchObject({ balance: 600, lifetimePoints: 600, tierId: "silver" });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 0, lifetimePoints: 0, state: "deactivated" });
    // A late refund of an order that still names the deleted customer reaches the one who was kept.
    await sendRefund(shop, { id: 5, order: "1", lines: [{ line: 1, quantity: 1 }] });
    expect(await memberOf(shop, "72")).toMatchObject({ balance: 200, tierId: "member" });
    expect((await inShop(shop, (tx) => proveLedger(tx))).faults).toEqual([]);
  });

  test("moves no more than one account can hold", async () => {
    const shop = await aShop();
    for (const id of ["71", "72"]) await sendCustomer(shop, { id });
    await givePoints(shop, "71", 100);
    await givePoints(shop, "72", MAX_POINTS - 30);
    await mergeCustomers(shop, { kept: customer("72"), deleted: customer("71") });
    expect(await memberOf(shop, "72")).toMatchObject({ balance: MAX_POINTS, lifetimePoints: MAX_POINTS });
    expect(await memberOf(shop, "71")).toMatchObject({ balance: 0, lifetimePoints: 0 });
    expect((await inShop(shop, (tx) => proveLedger(tx))).faults).toEqual([]);
  });

  test("a kept customer who is no member yet becomes one", async () => {
    const shop = await aShop();
    await sendOrder(shop);
    await mergeCustomers(shop, { kept: customer("90"), deleted: customer("71") });
    expect(await memberOf(shop, "90")).toMatchObject({ balance: 50 });
  });
});
