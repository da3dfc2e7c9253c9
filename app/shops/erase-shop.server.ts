// What shop/redact does: everything of the shop goes, in bounded transactions, and again until nothing is left.
import { Prisma } from "../../generated/prisma/index.js";
import type { ShopId } from "../loyalty/ids.ts";
import { shopIdFrom } from "../loyalty/ids.ts";
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { inShop, prisma } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Inbound } from "../shopify/inbound.server.ts";
import { shopNamedBy } from "../shopify/shop-life.ts";
import { forgetTokens, lockLife } from "./uninstall.server.ts";

/** Rows that one transaction removes. */
export const ERASE_BATCH = 5_000;
/** Batches of one table at the most: a hundred million rows. */
const BATCHES_MAX = 20_000;
/** Shopify waits five seconds for an answer; what is not done by then the worker does. */
export const ERASE_WITHIN_MS = 3_000;
const SHOPS_AT_ONCE = 10;

/** Every table of a shop, those that others point to last. A test holds it to the database's own list. */
export const ERASED_IN_ORDER = [
  "allocation",
  "lot",
  "ledger_entry",
  "tier_change",
  "health_hour",
  "lane_change",
  "replayed",
  "replay",
  "attempt",
  "delivery",
  "owed",
  "subscription",
  "lane",
  "event",
  "order",
  "receipt",
  "member",
  "program",
  "notice",
  "data_export",
  "api_key",
  "idempotent_answer",
  "upkeep",
  "shop",
] as const;

/**
 * shop/redact: marks the shop and erases it, within three seconds; the rest is the worker's (`eraseMarkedShops`).
 * Refuses a body that does not name this shop, and an unknown shop. A shop that left and has come back keeps its data: the
 * request is about the time before.
 */
export async function eraseOnRequest({ shop, body, at }: Inbound): Promise<Result<null>> {
  if (shopNamedBy(body) !== shop) return refuse("shop_named_otherwise");
  const marked = await mark(shop, at);
  if (marked === "unknown") return refuse("shop_unknown");
  if (marked === "came_back") {
    log.warn("shop.kept", { shop, why: "came back after it was uninstalled" });
    return accept(null);
  }
  const until = now().getTime() + ERASE_WITHIN_MS;
  await eraseShop(shop, () => now().getTime() >= until);
  return accept(null);
}

function mark(shop: ShopId, at: Date): Promise<"marked" | "came_back" | "unknown"> {
  return inShop(shop, async (tx) => {
    const row = await lockLife(tx);
    if (row === null) return "unknown";
    if (row.uninstalledAt === null && row.leftAt !== null) return "came_back";
    await tx.db.$executeRaw`
      UPDATE shop SET erasing_since = coalesce(erasing_since, ${at}), uninstalled_at = coalesce(uninstalled_at, ${at}),
        plan_status = 'none', sends_webhooks = false
      WHERE shop_id = ${shop}`;
    return "marked";
  });
}

/**
 * Erases everything of the shop, its own row last.
 * @param isEnough asked before each batch
 * @returns whether nothing is left; false when it was enough before.
 */
export async function eraseShop(shop: ShopId, isEnough = () => false): Promise<boolean> {
  await forgetTokens(shop);
  // Twice, since a transaction that found the shop a moment ago may still have added something.
  for (const table of [...ERASED_IN_ORDER, ...ERASED_IN_ORDER]) {
    for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
      if (isEnough()) return false;
      if ((await eraseBatch(shop, table)) < ERASE_BATCH) break;
    }
  }
  log.info("shop.erased", { shop });
  return true;
}

function eraseBatch(shop: ShopId, table: (typeof ERASED_IN_ORDER)[number]): Promise<number> {
  const name = Prisma.raw(`"${table}"`);
  return inShop(shop, async (tx) => {
    // Lifts the triggers that keep facts from being removed, in this transaction only.
    await tx.db.$queryRaw`SELECT set_config('laurel.erasing', 'on', true)`;
    return tx.db.$executeRaw`
      DELETE FROM ${name} WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${name} WHERE shop_id = ${shop} LIMIT ${ERASE_BATCH}))`;
  });
}

/** For the worker: ends what was begun by processes that are no more, or until told to stop. Returns how many shops it erased. */
export async function eraseMarkedShops(stopping?: AbortSignal): Promise<number> {
  const marked = await prisma().$queryRaw<
    { shop_id: string }[]
  >`SELECT shop_id FROM shops_being_erased(${SHOPS_AT_ONCE})`;
  let erased = 0;
  for (const { shop_id: id } of marked) {
    const shop = shopIdFrom(id);
    if (shop !== null && (await eraseShop(shop, () => stopping?.aborted === true))) erased += 1;
  }
  return erased;
}
