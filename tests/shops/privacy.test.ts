// What the law asks for: everything of a person handed out, everything of a person gone, everything of a shop gone.
import { beforeEach, describe, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { adjustMember } from "../../app/tiers/adjust-member.server.ts";
import { inShop, prisma } from "../../app/platform/db.server.ts";
import { EXPORT_KEPT_MS } from "../../app/shops/export-person.server.ts";
import { ERASED_IN_ORDER, eraseMarkedShops, eraseShop } from "../../app/shops/erase-shop.server.ts";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import { removeOld } from "../../app/shops/retention.server.ts";
import { findShop } from "../../app/shops/queries.server.ts";
import { sessions } from "../../app/shopify/sessions.server.ts";
import { Session } from "@shopify/shopify-api";
import { aShop, memberOf, sendCustomer, sendOrder } from "../orders/a-shop.ts";
import { testDatabase } from "../support/database.ts";
import { send } from "../shopify/send.ts";
import { aClient, COMES_BACK, waitsForLock } from "./at-once.ts";

const database = testDatabase();
const ADA = "ada.lovelace@example.com";
const GRACE = "grace.hopper@example.com";
const line = [{ price: "40.00" }];

/** Every table with every text of it that contains the words, as "table.column". */
async function findAnywhere(words: string): Promise<string[]> {
  const columns = await database.query<{ t: string; c: string }>(
    `SELECT table_name AS t, column_name AS c FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'json', 'ARRAY', 'character varying')`,
  );
  expect(columns.length).toBeGreaterThan(100);
  const counts = columns.map(
    ({ t, c }) => `SELECT '${t}.${c}' AS at FROM "${t}" WHERE "${c}"::text ILIKE '%' || $1 || '%'`,
  );
  return prisma().$transaction(async (db) => {
    await db.$queryRaw`SELECT set_config('laurel.shop_id', '*', true)`;
    const rows = await db.$queryRawUnsafe<{ at: string }[]>(counts.join(" UNION "), words);
    return rows.map(({ at }) => at).sort();
  });
}

/** A shop in which Ada and Grace have done everything that leaves a trace. */
async function aLivelyShop(): Promise<ShopId> {
  const shop = await aShop();
  await inShop(shop, async (tx) => {
    await tx.db.shop.update({ where: { id: shop }, data: { plan: "growth", sendsWebhooks: true } });
    await tx.db.subscription.create({
      data: {
        id: `whsub_${shop}`,
        shopId: shop,
        url: "https://example.com/hook",
        eventTypes: [
          "points.earned",
          "order.recorded",
          "order.matched",
          "member.created",
          "points.adjusted",
          "member.deactivated",
        ],
        secret: "sealed",
        createdAt: new Date(),
        updatedAt: new Date(),
      },
    });
  });
  await sendOrder(shop, { id: "501", lines: line, customer: null, email: ADA });
  await sendCustomer(shop, { id: "11", email: ADA });
  await sendCustomer(shop, { id: "12", email: GRACE });
  await sendOrder(shop, { id: "502", lines: line, customer: { id: "11", email: ADA } });
  await sendOrder(shop, { id: "503", lines: line, customer: { id: "12", email: GRACE } });
  const ada = await memberOf(shop, "11");
  if (ada === null) throw new Error("Ada is no member");
  await adjustMember(shop, ada.id, {
    points: 5,
    note: `For ${ADA}, who called`,
    actor: "staff",
    key: `key-${shop}`,
    countsForTier: false,
  });
  await leaveCopies(shop);
  return shop;
}

// An endpoint that echoed what it got, and an answer of the API that is kept for a day.
async function leaveCopies(shop: ShopId): Promise<void> {
  await inShop(shop, async (tx) => {
    await tx.db.$executeRaw`
      INSERT INTO attempt (shop_id, delivery_id, number, subscription_id, started_at, duration_ms, status, answer, answer_headers)
      SELECT d.shop_id, d.delivery_id, 1, d.subscription_id, now(), 3, 200, e.body, jsonb_build_object('echo', e.body)
        FROM delivery d JOIN event e USING (event_id) WHERE d.shop_id = ${shop}`;
    await tx.db.delivery.updateMany({ where: { shopId: shop }, data: { attempts: 1, claims: 1 } });
    for (const email of [ADA, GRACE])
      await tx.db.idempotentAnswer.create({
        data: {
          shopId: shop,
          key: email.slice(0, 3),
          requestHash: "h",
          status: 200,
          body: JSON.stringify({ email }),
          createdAt: new Date(),
        },
      });
  });
}

const about = (shop: ShopId, orders: number[]) => ({
  shop_id: 1,
  shop_domain: shop,
  customer: { id: 11, email: ` ${ADA.toUpperCase()} `, phone: null },
  orders_requested: orders,
  orders_to_redact: orders,
  data_request: { id: 9999 },
});
const exportsOf = (shop: ShopId) =>
  inShop(shop, (tx) => tx.db.dataExport.findMany({ where: { shopId: shop } }));

let shop: ShopId;
beforeEach(async () => {
  shop = await aLivelyShop();
});

describe("customers/data_request", () => {
  const request = () => send({ topic: "customers/data_request", shop, body: about(shop, [501, 502]) });

  test("puts everything of the customer together, once, for thirty days, and nothing of another", async () => {
    expect(await request()).toBe(200);
    expect(await request()).toBe(200);
    const [made, ...others] = await exportsOf(shop);
    expect(others).toEqual([]);
    if (made === undefined) throw new Error("no export");
    expect(made.requestId).toBe("9999");
    expect(made.expiresAt.getTime() - made.requestedAt.getTime()).toBe(EXPORT_KEPT_MS);
    const content = made.content as Record<string, { order_id?: string }[]>;
    expect(content["members"]).toHaveLength(1);
    expect(content["orders"]?.map((order) => order.order_id).sort()).toEqual(["501", "502"]);
    expect(content["ledger_entries"]?.length).toBeGreaterThanOrEqual(3);
    expect(content["events"]?.length).toBeGreaterThanOrEqual(5);
    const text = JSON.stringify(content);
    expect(text).toContain(ADA);
    expect(text).not.toContain(GRACE);
  });

  test("finds a guest by address alone", async () => {
    await sendOrder(shop, { id: "601", lines: line, customer: null, email: "guest@example.com" });
    const body = {
      ...about(shop, []),
      customer: { id: null, email: "guest@example.com" },
      data_request: { id: 7 },
    };
    expect(await send({ topic: "customers/data_request", shop, body })).toBe(200);
    const [made] = await exportsOf(shop);
    expect(JSON.stringify(made?.content)).toContain("guest@example.com");
  });

  test("is removed when its time is over", async () => {
    await request();
    await inShop(
      shop,
      (tx) =>
        tx.db
          .$executeRaw`UPDATE data_export SET expires_at = now() - interval '1 second' WHERE shop_id = ${shop}`,
    );
    await removeOld();
    expect(await exportsOf(shop)).toEqual([]);
  });

  test("about nobody, or another shop, is refused", async () => {
    const nobody = { shop_domain: shop, customer: null, orders_requested: [] };
    expect(await send({ topic: "customers/data_request", shop, body: nobody })).toBe(400);
    const elsewhere = { ...about(shop, []), shop_domain: "another.myshopify.com" };
    expect(await send({ topic: "customers/data_request", shop, body: elsewhere })).toBe(400);
  });
});

describe("customers/redact", () => {
  const redact = () => send({ topic: "customers/redact", shop, body: about(shop, [501, 502]) });

  test("leaves the address nowhere, in no table and no column", async () => {
    await send({ topic: "customers/data_request", shop, body: about(shop, []) });
    const before = await findAnywhere(ADA);
    expect(before).toEqual(
      expect.arrayContaining([
        "attempt.answer",
        "attempt.answer_headers",
        "data_export.content",
        "event.body",
        "idempotent_answer.body",
        "ledger_entry.reason",
        "member.email",
      ]),
    );
    expect(await redact()).toBe(200);
    // The other shops of this file have an Ada of their own.
    const others = await inShop(shop, async (tx) => {
      const [row] = await tx.db.$queryRaw<
        { n: bigint }[]
      >`SELECT count(*) AS n FROM member WHERE email = ${ADA}`;
      return row?.n;
    });
    expect(others).toBe(0n);
    await prisma().$transaction(async (db) => {
      await db.$queryRaw`SELECT set_config('laurel.shop_id', '*', true)`;
      const shops = await db.shop.findMany({ where: { NOT: { id: shop } } });
      for (const { id } of shops) await eraseShop(id as ShopId);
    });
    expect(await findAnywhere(ADA)).toEqual([]);
    expect(await findAnywhere('gid://shopify/Customer/11"')).toEqual([]);
    expect((await findAnywhere(GRACE)).length).toBeGreaterThan(2);
  });

  test("keeps the ledger, which still adds up, and tells subscribers which member to forget", async () => {
    const ada = await memberOf(shop, "11");
    if (ada === null) throw new Error("no Ada");
    expect(await redact()).toBe(200);
    expect(await redact()).toBe(200);
    const after = await inShop(shop, (tx) => tx.db.member.findUnique({ where: { id: ada.id } }));
    expect(after).toMatchObject({
      state: "redacted",
      customerId: null,
      email: null,
      firstName: null,
      balance: ada.balance,
    });
    const entries = await inShop(shop, (tx) => tx.db.ledgerEntry.findMany({ where: { memberId: ada.id } }));
    expect(entries.reduce((sum, entry) => sum + entry.points, 0)).toBe(ada.balance);
    const told = await inShop(shop, (tx) =>
      tx.db.event.findMany({ where: { memberId: ada.id, body: { not: null } } }),
    );
    expect(told.map(({ type }) => type)).toEqual(["member.deactivated"]);
    expect(JSON.parse(told[0]?.body ?? "{}")).toMatchObject({
      data: { reason: "redacted", email: null, member_id: ada.id },
    });
  });

  test("cancels what would still carry the data, and nothing else", async () => {
    await redact();
    const rows = await inShop(
      shop,
      (tx) => tx.db.$queryRaw<{ state: string; reason: string | null; has: boolean; type: string }[]>`
      SELECT DISTINCT d.state, d.reason, e.body IS NOT NULL AS has FROM delivery d JOIN event e USING (event_id)
       WHERE d.shop_id = ${shop} ORDER BY 1, 2`,
    );
    expect(rows).toEqual([
      { state: "cancelled", reason: "redacted", has: false },
      { state: "pending", reason: null, has: true },
    ]);
  });

  test("cancels what was set aside as what waits", async () => {
    await inShop(shop, (tx) =>
      tx.db.delivery.updateMany({ where: { shopId: shop }, data: { state: "parked" } }),
    );
    await redact();
    const rows = await inShop(shop, (tx) =>
      tx.db.delivery.groupBy({ by: ["state", "reason"], where: { shopId: shop }, orderBy: { state: "asc" } }),
    );
    expect(rows).toMatchObject([
      { state: "cancelled", reason: "redacted" },
      // What is another's; and the news of the redaction itself.
      { state: "parked", reason: null },
      { state: "pending", reason: null },
    ]);
  });

  test("leaves nothing of what an endpoint echoes once the redaction is through", async () => {
    const claimed = await claimDeliveries([{ s: `whsub_${shop}`, n: 100 }], 60_000);
    const hers = claimed.filter(({ body }) => body?.includes(ADA));
    expect(hers.length).toBeGreaterThan(2);
    const attempts = () => inShop(shop, (tx) => tx.db.attempt.count({ where: { shopId: shop } }));
    const before = await attempts();
    expect(await redact()).toBe(200);
    const echo = hers.map((row) => ({
      d: row.delivery_id,
      l: row.lease,
      m: false,
      v: "delivered" as const,
      st: 200,
      er: null,
      ms: 5,
      at: new Date().getTime(),
      an: row.body,
      ah: { echo: row.body ?? "" },
    }));
    const settled = await settleDeliveries(echo, LANE_POLICY);
    expect(settled.stale.sort()).toEqual(hers.map((row) => row.delivery_id).sort());
    expect(await attempts()).toBe(before);
    const rows = await inShop(shop, (tx) =>
      tx.db.delivery.findMany({ where: { shopId: shop, id: { in: hers.map((row) => row.delivery_id) } } }),
    );
    expect(new Set(rows.map(({ state, reason }) => `${state} ${reason}`))).toEqual(
      new Set(["cancelled redacted"]),
    );
  });

  test("locks deliveries in the order of their ids, as settling does", async () => {
    const [first, last] = [`dlv_a_${shop}`, `dlv_z_${shop}`];
    // Written in the other order, and for events in the other order.
    for (const [id, order] of [
      [last, "501"],
      [first, "502"],
    ] as const)
      await inShop(
        shop,
        (tx) => tx.db.$executeRaw`
          INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, due_at, created_at)
          SELECT ${id}, shop_id, 'whsub_more', event_id, type, now(), now() FROM event
           WHERE shop_id = ${shop} AND order_id = ${order} ORDER BY event_id LIMIT 1`,
      );
    const other = await aClient();
    await other.query("BEGIN");
    const lock = (id: string) => other.query("SELECT FROM delivery WHERE delivery_id = $1 FOR UPDATE", [id]);
    await lock(first);
    const redacted = redact();
    await waitsForLock("delivery");
    await lock(last);
    await other.query("COMMIT");
    await other.end();
    expect(await redacted).toBe(200);
  });

  test("leaves the copies of one whose address only ends in the same letters", async () => {
    const short = "lace@example.com";
    const long = `wal${short}`;
    await sendCustomer(shop, { id: "21", email: short });
    await sendCustomer(shop, { id: "22", email: long });
    await sendOrder(shop, { id: "721", lines: line, customer: { id: "21", email: short } });
    for (const [id, email] of [
      [21, short],
      [22, long],
    ] as const) {
      const body = { ...about(shop, []), customer: { id, email }, data_request: { id } };
      expect(await send({ topic: "customers/data_request", shop, body })).toBe(200);
    }
    // Asked for by address alone: nothing but what is in it says whose it is.
    await inShop(
      shop,
      (tx) => tx.db.$executeRaw`UPDATE data_export SET customer_id = NULL WHERE shop_id = ${shop}`,
    );
    await inShop(shop, (tx) =>
      tx.db.idempotentAnswer.createMany({
        data: ["121", "21"].map((customer) => ({
          shopId: shop,
          key: customer,
          requestHash: "h",
          status: 200,
          body: JSON.stringify({ data: { attributes: { shopify_customer_id: customer } } }),
          createdAt: new Date(),
        })),
      }),
    );
    const body = { ...about(shop, []), customer: { id: 21, email: short } };
    expect(await send({ topic: "customers/redact", shop, body })).toBe(200);
    expect((await exportsOf(shop)).map(({ requestId }) => requestId)).toEqual(["22"]);
    const kept = await inShop(shop, (tx) => tx.db.idempotentAnswer.findMany({ where: { shopId: shop } }));
    expect(kept.map(({ key }) => key)).toContain("121");
    expect(kept.map(({ key }) => key)).not.toContain("21");
  });

  test("of a guest takes the address from the orders, and leaves a member who shares nothing but the shop", async () => {
    await sendOrder(shop, { id: "601", lines: line, customer: null, email: "guest@example.com" });
    const body = { ...about(shop, []), customer: { id: 999, email: "guest@example.com" } };
    expect(await send({ topic: "customers/redact", shop, body })).toBe(200);
    const order = await inShop(shop, (tx) => tx.db.order.findFirst({ where: { shopId: shop, id: "601" } }));
    expect(order?.guestEmail).toBeNull();
    expect((await memberOf(shop, "11"))?.state).toBe("active");
  });

  test("takes those along who were merged into the customer", async () => {
    await sendCustomer(shop, { id: "13", email: "ada.old@example.com" });
    const merge = {
      admin_graphql_api_customer_kept_id: "gid://shopify/Customer/11",
      admin_graphql_api_customer_deleted_id: "gid://shopify/Customer/13",
      status: "completed",
    };
    expect(await send({ topic: "customers/merge", shop, body: merge })).toBe(200);
    expect(await redact()).toBe(200);
    expect(await findAnywhere("ada.old@example.com")).toEqual([]);
  });

  test("a late order of a customer who was redacted still has its place", async () => {
    await redact();
    await sendOrder(shop, {
      id: "502",
      lines: line,
      customer: null,
      cancelledAt: "2026-11-21T00:00:00Z",
      updatedAt: new Date(Date.now() + 60_000).toISOString(),
    });
    const order = await inShop(shop, (tx) => tx.db.order.findFirst({ where: { shopId: shop, id: "502" } }));
    expect(order?.memberId).not.toBeNull();
    expect(order?.postedPoints).toBe(0);
  });
});

describe("shop/redact", () => {
  const session = (id: ShopId) =>
    new Session({
      id: `offline_${id}`,
      shop: id,
      state: "",
      isOnline: false,
      accessToken: "t",
      expires: new Date(Date.now() + 1e6),
    });
  const redact = (id = shop) =>
    send({ topic: "shop/redact", shop: id, body: { shop_id: 1, shop_domain: id } });
  const rowsOf = (id: ShopId) =>
    Promise.all(
      [...ERASED_IN_ORDER, "session"].map(async (table) => {
        const rows = await inShop(id, (tx) =>
          tx.db.$queryRawUnsafe<{ n: bigint }[]>(
            `SELECT count(*) AS n FROM "${table}" WHERE shop_id = $1`,
            id,
          ),
        );
        return rows[0]?.n === 0n ? null : table;
      }),
    ).then((tables) => tables.filter((table) => table !== null));

  test("leaves nothing of the shop in any table, and everything of the others", async () => {
    const other = await aLivelyShop();
    await sessions.storeSession(session(shop));
    await send({ topic: "customers/data_request", shop, body: about(shop, []) });
    expect((await rowsOf(shop)).length).toBeGreaterThan(12);
    expect(await redact()).toBe(200);
    expect(await rowsOf(shop)).toEqual([]);
    expect((await rowsOf(other)).length).toBeGreaterThan(12);
    expect(await redact()).toBe(200);
  });

  test("knows every table that belongs to a shop", async () => {
    const tables = await database.query<{ t: string }>(
      `SELECT table_name AS t FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'shop_id' AND table_name <> 'session'`,
    );
    expect(tables.map(({ t }) => t).sort()).toEqual([...ERASED_IN_ORDER].sort());
  });

  test("that could not be ended in time is ended by the worker", async () => {
    await inShop(shop, (tx) =>
      tx.db.shop.update({
        where: { id: shop },
        data: { erasingSince: new Date(), uninstalledAt: new Date() },
      }),
    );
    expect(await eraseShop(shop, () => true)).toBe(false);
    expect(await findShop(shop)).not.toBeNull();
    expect(await eraseMarkedShops()).toBe(1);
    expect(await rowsOf(shop)).toEqual([]);
  });

  test("spares a shop that has come back after the leaving that it is about", async () => {
    await inShop(shop, (tx) => tx.db.shop.update({ where: { id: shop }, data: { leftAt: new Date() } }));
    expect(await redact()).toBe(200);
    expect(await findShop(shop)).not.toBeNull();
  });

  test("spares a shop that is just coming back", async () => {
    const left = { leftAt: new Date(), uninstalledAt: new Date() };
    await inShop(shop, (tx) => tx.db.shop.update({ where: { id: shop }, data: left }));
    const other = await aClient();
    await other.query("BEGIN");
    await other.query(COMES_BACK, [shop]);
    const redacted = redact();
    await waitsForLock("shop");
    await other.query("COMMIT");
    await other.end();
    expect(await redacted).toBe(200);
    expect(await findShop(shop)).toMatchObject({ uninstalledAt: null });
  });

  test("for another shop than its body names is refused", async () => {
    const body = { shop_id: 1, shop_domain: "another.myshopify.com" };
    expect(await send({ topic: "shop/redact", shop, body })).toBe(400);
    expect(await findShop(shop)).not.toBeNull();
  });

  test.each(["shop/redact", "customers/redact", "customers/data_request"] as const)(
    "%s in a body that names no shop is refused: the header alone is not signed",
    async (topic) => {
      const body = {
        customer: { id: 11, email: ADA, phone: null },
        orders_requested: [],
        orders_to_redact: [],
      };
      expect(await send({ topic, shop, body })).toBe(400);
      expect(await findShop(shop)).not.toBeNull();
    },
  );

  test("app/uninstalled in a body that names another shop is refused", async () => {
    const body = { id: 1, myshopify_domain: "another.myshopify.com" };
    expect(await send({ topic: "app/uninstalled", shop, body })).toBe(400);
    expect(await findShop(shop)).toMatchObject({ uninstalledAt: null });
  });
});
