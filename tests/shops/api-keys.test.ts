// Keys of the REST API: shown once, kept as a hash, found while they hold, and gone with their shop.
import { beforeEach, describe, expect, test, vi } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { findApiKey, listApiKeys, revokeApiKey } from "../../app/shops/api-keys.server.ts";
import { createApiKey, MAX_API_KEYS } from "../../app/shops/create-api-key.server.ts";
import { stopClock } from "../support/clock.ts";
import { testDatabase } from "../support/database.ts";
import { send } from "../shopify/send.ts";
import { growthShop } from "../webhooks/shop-with-endpoint.ts";

const database = testDatabase();
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const form = { name: "Warehouse", scopes: { customers: "read", webhooks: "full" } } as const;

let shop: ShopId;
beforeEach(async () => {
  shop = await growthShop();
});

async function made(shopId = shop): Promise<{ id: string; key: string }> {
  const created = await createApiKey(shopId, form);
  if (!created.ok) throw new Error(created.refusal);
  return created.value;
}
const set = (data: object, shopId = shop) =>
  inShop(shopId, (tx) => tx.db.shop.update({ where: { id: shopId }, data }));
const only = async () => (await listApiKeys(shop))[0];

/** Connections that wait for a lock. */
async function waiting(): Promise<number> {
  const rows = await database.query(
    "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
  );
  return rows.length;
}

/** The tables in which a text stands, whatever the column. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await database.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'shop_id'",
  );
  const found = await inShop(shop, async (tx) => {
    const names: string[] = [];
    for (const { name } of tables) {
      const rows = await tx.db.$queryRawUnsafe<unknown[]>(
        `SELECT FROM "${name}" AS one WHERE position($1 IN one::text) > 0`,
        text,
      );
      if (rows.length > 0) names.push(name);
    }
    return names;
  });
  return found;
}

describe("a key", () => {
  test("is found with its shop and what it may", async () => {
    const { id, key } = await made();
    expect(key).toMatch(/^laurel_[A-Za-z0-9_-]{43}$/);
    expect(await findApiKey(key)).toEqual({ id, shopId: shop, scopes: form.scopes, allowed: "yes" });
  });

  test("is kept nowhere, in no column of any table: only its hash and its first eleven characters are", async () => {
    const { key } = await made();
    expect(await tablesWith(key)).toEqual([]);
    expect(await tablesWith(key.slice("laurel_".length))).toEqual([]);
    expect(await tablesWith(key.slice(0, 11))).toEqual(["api_key"]);
    expect(JSON.stringify(await listApiKeys(shop))).not.toContain(key.slice(0, 12));
  });

  test.each([
    ["", "nothing"],
    ["laurel_", "a beginning"],
    [`laurel_${"A".repeat(43)}`, "one that was never made"],
    [`laurel_${"A".repeat(44)}`, "one that is too long"],
    [`laurel_${"A".repeat(42)}'`, "one with a quote"],
    ["\u0000", "a character that PostgreSQL cannot hold"],
  ])("%j is none: %s", async (text) => {
    expect(await findApiKey(text)).toBeNull();
  });

  test("with one character changed is none", async () => {
    const { key } = await made();
    const other = key.at(20) === "x" ? "y" : "x";
    expect(await findApiKey(key.slice(0, 20) + other + key.slice(21))).toBeNull();
    expect(await findApiKey(`${key} `)).toBeNull();
  });

  test("says when it was used, to the minute: more requests do not write its row again", async () => {
    const clock = stopClock("2026-11-21T10:00:00Z");
    const { key } = await made();
    expect(await only()).toMatchObject({ lastUsedAt: null });
    const used = async () => {
      await Promise.all([findApiKey(key), findApiKey(key), findApiKey(key)]);
      return (await only())?.lastUsedAt?.toISOString();
    };
    expect(await used()).toBe("2026-11-21T10:00:00.000Z");
    clock.advance(MINUTE_MS - 1);
    expect(await used()).toBe("2026-11-21T10:00:00.000Z");
    clock.advance(1);
    expect(await used()).toBe("2026-11-21T10:01:00.000Z");
  });

  test("is found while its row is locked by somebody else", async () => {
    const { id, key } = await made();
    await inShop(shop, async (tx) => {
      await tx.db.$queryRaw`SELECT FROM api_key WHERE shop_id = ${shop} AND api_key_id = ${id} FOR UPDATE`;
      expect(await findApiKey(key)).toMatchObject({ id });
    });
    expect(await only()).toMatchObject({ lastUsedAt: null });
  });
});

describe("making one is refused", () => {
  test.each([
    [{ ...form, name: "  " }, "key_name_invalid", "name"],
    [{ ...form, name: "é".repeat(61) }, "key_name_invalid", "name"],
    [{ ...form, name: "two\nlines" }, "key_name_invalid", "name"],
    [{ ...form, name: "nul\u0000" }, "key_name_invalid", "name"],
    [{ ...form, scopes: {} }, "key_scopes_missing", "scopes"],
  ])("%j: %s", async (wrong, refusal, field) => {
    expect(await createApiKey(shop, wrong)).toEqual({ ok: false, refusal, field });
  });

  test("but not for sixty characters of any script, nor for space around them", async () => {
    expect(await createApiKey(shop, { ...form, name: ` ${"🏷".repeat(60)} ` })).toMatchObject({ ok: true });
    expect(await only()).toMatchObject({ name: "🏷".repeat(60) });
  });

  test("when there are twenty; revoking one makes room, and two at once take it only once", async () => {
    const keys: { id: string }[] = [];
    for (let i = 0; i < MAX_API_KEYS; i += 1) keys.push(await made());
    expect(await createApiKey(shop, form)).toMatchObject({ refusal: "api_keys_too_many" });
    await revokeApiKey(shop, keys[3]?.id ?? "");
    // Nothing can be written until both have gone as far as they can.
    let both: Promise<{ ok: boolean }[]> | undefined;
    await inShop(shop, async (tx) => {
      await tx.db.$executeRaw`LOCK TABLE api_key IN SHARE MODE`;
      both = Promise.all([createApiKey(shop, form), createApiKey(shop, form)]);
      await vi.waitUntil(async () => (await waiting()) === 2, { timeout: 10_000 });
    });
    expect((await both)?.map(({ ok }) => ok).sort()).toEqual([false, true]);
    const live = (await listApiKeys(shop)).filter(({ revokedAt }) => revokedAt === null);
    expect(live).toHaveLength(MAX_API_KEYS);
  });

  test.each([
    [{ plan: "starter" }, "plan_too_low"],
    [{ plan: "free" }, "plan_too_low"],
    [{ planStatus: "frozen" }, "shop_read_only"],
    [{ planStatus: "none", uninstalledAt: new Date() }, "shop_unknown"],
  ])("for a shop with %j: %s", async (data, refusal) => {
    await set(data);
    expect(await createApiKey(shop, form)).toEqual({ ok: false, refusal });
    expect(await listApiKeys(shop)).toEqual([]);
  });
});

describe("a shop whose plan changes", () => {
  test.each([
    [{ plan: "starter" }, "plan_too_low"],
    [{ plan: "free", planStatus: "frozen" }, "plan_too_low"],
    [{ planStatus: "frozen" }, "shop_read_only"],
    [{ plan: "plus" }, "yes"],
  ])("to %j: its key is known, and allowed says %s; it can be revoked", async (data, allowed) => {
    const { id, key } = await made();
    await set(data);
    expect(await findApiKey(key)).toMatchObject({ id, allowed });
    expect(await revokeApiKey(shop, id)).toEqual({ ok: true, value: null });
    expect(await findApiKey(key)).toBeNull();
  });
});

describe("revoking", () => {
  test("ends a key for good; a second time changes nothing", async () => {
    const clock = stopClock("2026-11-21T10:00:00Z");
    const { id, key } = await made();
    await revokeApiKey(shop, id);
    clock.advance(DAY_MS);
    expect(await revokeApiKey(shop, id)).toEqual({ ok: true, value: null });
    expect(await findApiKey(key)).toBeNull();
    expect((await only())?.revokedAt?.toISOString()).toBe("2026-11-21T10:00:00.000Z");
  });

  test("of a key that never was is refused", async () => {
    expect(await revokeApiKey(shop, "key_0")).toEqual({ ok: false, refusal: "api_key_unknown" });
  });

  test("leaves the key in the list for thirty days, below those that hold", async () => {
    const clock = stopClock("2026-11-21T10:00:00Z");
    const first = await made();
    clock.advance(1_000);
    const second = await made();
    clock.advance(1_000);
    const third = await made();
    await revokeApiKey(shop, third.id);
    const ids = async () => (await listApiKeys(shop)).map(({ id }) => id);
    expect(await ids()).toEqual([second.id, first.id, third.id]);
    clock.advance(30 * DAY_MS);
    expect(await ids()).toEqual([second.id, first.id]);
  });
});

test("another shop neither sees nor revokes a key", async () => {
  const { id, key } = await made();
  const other = await growthShop();
  expect(await listApiKeys(other)).toEqual([]);
  expect(await revokeApiKey(other, id)).toMatchObject({ refusal: "api_key_unknown" });
  expect(await findApiKey(key)).toMatchObject({ id, shopId: shop });
});

describe("a shop that leaves", () => {
  const uninstall = () => send({ topic: "app/uninstalled", shop, body: { myshopify_domain: shop } });

  test("has its keys revoked, and they stay so when it comes back", async () => {
    const { key } = await made();
    const other = await growthShop();
    const { key: othersKey } = await made(other);
    expect(await uninstall()).toBe(200);
    expect(await findApiKey(key)).toBeNull();
    expect((await only())?.revokedAt).toBeInstanceOf(Date);
    await set({ uninstalledAt: null, planStatus: "active" });
    expect(await findApiKey(key)).toBeNull();
    expect(await findApiKey(othersKey)).toMatchObject({ allowed: "yes" });
  });

  test.each([[{ uninstalledAt: new Date() }], [{ erasingSince: new Date() }]])(
    "with %j: its key is none from that moment on",
    async (data) => {
      const { key } = await made();
      await set(data);
      expect(await findApiKey(key)).toBeNull();
    },
  );

  test("has nothing of its keys left once it was redacted", async () => {
    const { key } = await made();
    expect(await tablesWith(key.slice(0, 11))).toEqual(["api_key"]);
    await uninstall();
    const body = { shop_id: 1, shop_domain: shop };
    expect(await send({ topic: "shop/redact", shop, body })).toBe(200);
    expect(await tablesWith(key.slice(0, 11))).toEqual([]);
    expect(await findApiKey(key)).toBeNull();
  });
});
