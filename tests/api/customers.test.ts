// /v1/customers: lists, one, and points given and taken, once for each key.
import { describe, expect, test } from "vitest";
import type { CustomerGid } from "../../app/loyalty/ids.ts";
import { mergeCustomers } from "../../app/orders/merge-customers.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { entriesOf, eventsOf, sendCustomer, sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";
import { growthShopWithProgram, integrator } from "./an-integrator.ts";
import type { Ask } from "./an-integrator.ts";

const people = [
  { id: "71", email: "ada@example.com" },
  { id: "72", email: "grace@example.com" },
  { id: "73", email: "edsger@example.com" },
];

async function shopWithPeople() {
  const shop = await growthShopWithProgram();
  for (const person of people) await sendCustomer(shop, person);
  await sendOrder(shop, { id: "1", lines: [{ price: "600.00" }] });
  return { shop, ...(await integrator(shop)) };
}

const emails = async (ask: Ask, path: string) =>
  (await ask("GET", path)).body.data.map(({ attributes }) => attributes["email"]);

test("a customer has Mage's names, and is found by member id, Shopify id and address", async () => {
  const { ask } = await shopWithPeople();
  const { body } = await ask("GET", "/v1/customers/71");
  expect(body.data.attributes).toMatchObject({
    shopify_customer_id: "71",
    email: "ada@example.com",
    first_name: "Ada",
    last_name: null,
    current_points: 600,
    lifetime_points: 600,
    redeemed_points: 0,
    points_expire_at: null,
    loyalty_status: "member",
    vip_tier: { id: "silver", name: "Silver", points_required: 500, points_multiplier: "1.25" },
  });
  const { created_at: joined, last_activity_at: active, updated_at: updated } = body.data.attributes;
  expect([joined, active].every((at) => String(updated) >= String(at))).toBe(true);
  for (const id of [body.data.id, "ada@example.com", "ADA@example.com"]) {
    expect((await ask("GET", `/v1/customers/${encodeURIComponent(id)}`)).body).toEqual(body);
  }
});

test("an address that a merged customer had too leads to the one who was kept", async () => {
  const { shop, ask } = await shopWithPeople();
  const gid = (id: string) => `gid://shopify/Customer/${id}` as CustomerGid;
  await mergeCustomers(shop, { kept: gid("71"), deleted: gid("72") });
  await sendCustomer(shop, { id: "71", email: "grace@example.com" });
  const { body } = await ask("GET", "/v1/customers/grace@example.com");
  expect(body.data.attributes).toMatchObject({ shopify_customer_id: "71", loyalty_status: "member" });
  const points = { adjustment: 1, note: "x" };
  expect((await ask("POST", "/v1/customers/grace@example.com/points", { body: points })).status).toBe(201);
});

test("an address that several members have leads to whom a guest's order goes to", async () => {
  const { shop, ask } = await shopWithPeople();
  await sendCustomer(shop, { id: "70", email: "shared@example.com", verified: false });
  for (const id of ["74", "75"]) await sendCustomer(shop, { id, email: "shared@example.com" });
  const { body } = await ask("GET", "/v1/customers/shared@example.com");
  expect(body.data.attributes["shopify_customer_id"]).toBe("74");
});

test("an address may begin as a member's id does", async () => {
  const { shop, ask } = await shopWithPeople();
  await sendCustomer(shop, { id: "74", email: "mem_lee@example.com" });
  const { body } = await ask("GET", "/v1/customers/mem_lee@example.com");
  expect(body.data.attributes["shopify_customer_id"]).toBe("74");
});

test("the list is filtered, sorted, and turned by cursor both ways", async () => {
  const { ask } = await shopWithPeople();
  expect(await emails(ask, "/v1/customers?sort=created_at")).toEqual(people.map(({ email }) => email));
  expect(await emails(ask, "/v1/customers?filter[search]=GRAC")).toEqual(["grace@example.com"]);
  expect(await emails(ask, "/v1/customers?filter[vip_tier]=silver")).toEqual(["ada@example.com"]);
  expect(await emails(ask, "/v1/customers?filter[email]=edsger@example.com")).toEqual(["edsger@example.com"]);
  expect(await emails(ask, "/v1/customers?sort=-lifetime_points&page[size]=1")).toEqual(["ada@example.com"]);
  const first = await ask("GET", "/v1/customers?page[size]=2");
  const second = await ask("GET", first.body.links.next ?? "");
  expect([first.body.data.length, second.body.data.length, second.body.links.next]).toEqual([2, 1, null]);
  expect((await ask("GET", second.body.links.prev ?? "")).body.data).toEqual(first.body.data);
});

test("pages by number count all, as Mage's clients expect", async () => {
  const { ask } = await shopWithPeople();
  const { body } = await ask("GET", "/v1/customers?page[number]=2&page[size]=2&sort=created_at");
  expect(body.meta).toEqual({ per_page: 2, page: 2, total: 3, total_pages: 2 });
  expect(body.data.map(({ attributes }) => attributes["email"])).toEqual(["edsger@example.com"]);
  expect(body.links).toEqual({
    next: null,
    prev: "/v1/customers?page%5Bnumber%5D=1&page%5Bsize%5D=2&sort=created_at",
  });
});

describe("adjusting points", () => {
  test("posts an entry with the key's name, tells it, and moves the tier", async () => {
    const { shop, ask } = await shopWithPeople();
    const { status, body } = await ask("POST", "/v1/customers/71/points", {
      body: { adjustment: 1000, note: "Sorry" },
    });
    expect([status, body.data.attributes]).toMatchObject([
      201,
      { adjustment: 1000, note: "Sorry", points_before: 600, points_after: 1600 },
    ]);
    expect((await ask("GET", "/v1/customers/71")).body.data.attributes["vip_tier"]).toMatchObject({
      id: "gold",
    });
    const entry = (await entriesOf(shop)).find(({ kind }) => kind === "adjust");
    expect(entry).toMatchObject({ points: 1000 });
    const types = (await eventsOf(shop)).map(({ type }) => type).slice(-4);
    expect(types).toEqual([
      "points.earned",
      "points.adjusted",
      "points.balance_changed",
      "customer.tier_upgrade",
    ]);
  });

  test("leaves lifetime points alone where told to, and takes points too", async () => {
    const { ask } = await shopWithPeople();
    const body = { adjustment: -100, note: "Mistake", update_lifetime_points: false, send_email: true };
    expect((await ask("POST", "/v1/customers/71/points", { body })).status).toBe(201);
    expect((await ask("GET", "/v1/customers/71")).body.data.attributes).toMatchObject({
      current_points: 500,
      lifetime_points: 600,
    });
  });

  test.each([
    [{ adjustment: 0, note: "x" }, 400, "points_zero"],
    [{ adjustment: -601, note: "x" }, 422, "insufficient_points"],
    [{ adjustment: 1e12, note: "x" }, 400, "points_too_many"],
    [{ adjustment: 1, note: " " }, 400, "note_missing"],
    [{ adjustment: 1, note: "x".repeat(501) }, 400, "note_too_long"],
  ])("refuses %j", async (body, status, code) => {
    const { ask } = await shopWithPeople();
    const answer = await ask("POST", "/v1/customers/71/points", { body });
    expect([answer.status, answer.body.errors[0]?.code]).toEqual([status, code]);
  });

  test("of an excluded customer is forbidden", async () => {
    const { shop, ask } = await shopWithPeople();
    await inShop(shop, (tx) =>
      tx.db.member.updateMany({ where: { shopId: shop, customerId: "71" }, data: { state: "deactivated" } }),
    );
    const answer = await ask("POST", "/v1/customers/71/points", { body: { adjustment: 1, note: "x" } });
    expect([answer.status, answer.body.errors[0]?.code]).toEqual([403, "member_inactive"]);
    const { attributes } = (await ask("GET", "/v1/customers/71")).body.data;
    expect(attributes["loyalty_status"]).toBe("excluded");
  });

  test("happens once for each Idempotency-Key, also when ten ask at the same time", async () => {
    const { shop, ask } = await shopWithPeople();
    const send = (adjustment: number, to = "71") =>
      ask("POST", `/v1/customers/${to}/points`, {
        body: { adjustment, note: "Once" },
        headers: { "Idempotency-Key": "import-1" },
      });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(5)));
    const done = answers.filter(({ status }) => status === 201);
    expect(done.length).toBeGreaterThan(0);
    for (const { status, body } of answers) {
      if (status !== 201) expect(body.errors[0]?.code).toBe("idempotency_key_in_use");
    }
    const later = await send(5);
    expect([later.status, later.headers.get("Idempotency-Replayed"), later.body]).toEqual([
      201,
      "true",
      done[0]?.body,
    ]);
    expect((await entriesOf(shop)).filter(({ kind }) => kind === "adjust")).toHaveLength(1);
    for (const other of [await send(6), await send(5, "72")]) {
      expect([other.status, other.body.errors[0]?.code]).toEqual([409, "idempotency_key_reused"]);
    }
  });

  test("a refusal is kept for its key as well", async () => {
    const { ask } = await shopWithPeople();
    const send = () =>
      ask("POST", "/v1/customers/71/points", {
        body: { adjustment: -601, note: "x" },
        headers: { "Idempotency-Key": "k" },
      });
    expect((await send()).status).toBe(422);
    await ask("POST", "/v1/customers/71/points", { body: { adjustment: 1, note: "x" } });
    const again = await send();
    expect([again.status, again.headers.get("Idempotency-Replayed")]).toEqual([422, "true"]);
  });
});
