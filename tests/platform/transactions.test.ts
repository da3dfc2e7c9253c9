// What a shop's transaction promises: all or nothing, its own rows only, SQL and models in one, no failure unheard.
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import type { ShopTx } from "../../app/platform/db.server.ts";
import { PreparedClient } from "../../app/platform/prepared-client.server.ts";
import { begin } from "../../app/platform/transaction.server.ts";
import { aShop } from "../orders/a-shop.ts";
import { testDatabase } from "../support/database.ts";

const database = testDatabase();
const pool = new pg.Pool({ connectionString: database.url, max: 1, pipeline: true, Client: PreparedClient });
let shop: ShopId;
beforeAll(async () => {
  shop = await aShop();
});
afterAll(() => pool.end());

const rename = (tx: ShopTx, name: string) =>
  tx.db.$executeRaw`UPDATE shop SET name = ${name} WHERE shop_id = ${tx.shopId}`;
const fail = (tx: ShopTx) => tx.db.$executeRaw`SELECT 1 / (${0})::int`;
const nameNow = () =>
  inShop(shop, async (tx) => (await tx.db.shop.findUniqueOrThrow({ where: { id: shop } })).name);

test("SQL sees what a model wrote, a model what SQL wrote, and both are taken back together", async () => {
  const undone = inShop(shop, async (tx) => {
    await tx.db.shop.update({ where: { id: shop }, data: { name: "by a model" } });
    const [seen] = await tx.db.$queryRaw<{ name: string }[]>`SELECT name FROM shop WHERE shop_id = ${shop}`;
    expect(seen?.name).toBe("by a model");
    await rename(tx, "by SQL");
    expect(await tx.db.shop.findUnique({ where: { id: shop } })).toMatchObject({ name: "by SQL" });
    throw new Error("changed my mind");
  });
  await expect(undone).rejects.toThrow("changed my mind");
  expect(await nameNow()).toBe("Example");
});

test("a statement that nobody waited for takes everything back when it fails, and its error is told", async () => {
  const failed = inShop(shop, async (tx) => {
    await rename(tx, "never");
    tx.unawaited(fail(tx));
  });
  await expect(failed).rejects.toThrow("division by zero");
  // Whoever asks after it hears only that the transaction is over: the cause is told all the same.
  const later = inShop(shop, async (tx) => {
    tx.unawaited(fail(tx));
    await rename(tx, "never");
  });
  await expect(later).rejects.toThrow("division by zero");
  expect(await nameNow()).toBe("Example");
});

test("an error that was caught still commits nothing", async () => {
  const caught = inShop(shop, async (tx) => {
    await rename(tx, "never");
    await fail(tx).catch(() => undefined);
  });
  await expect(caught).rejects.toThrow("rolled back");
  expect(await nameNow()).toBe("Example");
});

test("the next transaction on the same connection knows nothing of the shop before", async () => {
  for (const id of [shop, "nobody.myshopify.com" as ShopId]) {
    const one = begin(await pool.connect(), id, { join: neverJoined, longestMs: 5_000 });
    const rows = await one.db.$queryRaw<unknown[]>`SELECT name FROM shop WHERE ${true}`;
    expect(rows).toHaveLength(id === shop ? 1 : 0);
    await one.commit();
  }
  expect((await pool.query("SELECT name FROM shop")).rows).toEqual([]);
});

test("one that lasts too long loses its connection and gives way", async () => {
  const slow = begin(await pool.connect(), shop, { join: neverJoined, longestMs: 50 });
  const told = await slow.db.$queryRaw`SELECT pg_sleep(${10})`.catch((error: unknown) => error);
  expect(await slow.rollback(told)).toMatchObject({ message: "Connection terminated unexpectedly" });
  expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
});

test("a connection that the server ends fails its transaction, and no other", async () => {
  const ended = inShop(shop, async (tx) => {
    const [own] = await tx.db.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
    await database.query("SELECT pg_terminate_backend($1)", [own?.pid]);
    await rename(tx, "never");
  });
  // By what the server says, or by what the client says once it has heard.
  await expect(ended).rejects.toThrow(/terminat|not queryable/);
  expect(await nameNow()).toBe("Example");
});

test("as many as there are connections and more come to their end", async () => {
  await Promise.all(Array.from({ length: 40 }, (_, i) => inShop(shop, (tx) => rename(tx, `name ${i}`))));
  expect(await nameNow()).toMatch(/^name \d+$/);
});

function neverJoined(): never {
  throw new Error("asked a model");
}
