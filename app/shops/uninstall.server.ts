// What app/uninstalled does: nothing is sent from that commit on, API keys are revoked, the tokens are forgotten, what
// was owed is cancelled.
import type { ShopId } from "../loyalty/ids.ts";
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { prisma, inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Inbound } from "../shopify/inbound.server.ts";
import { timeFrom } from "../shopify/fields.ts";
import { shopNamedBy } from "../shopify/shop-life.ts";
import { revokeAllApiKeys } from "./api-keys.server.ts";

/**
 * Ends what was being sent for the shop, in bounded steps: returns false once nothing is left. The first step runs in
 * the transaction that uninstalls.
 */
export type StopSending = (tx: ShopTx, at: Date) => Promise<boolean>;

/** Steps of `StopSending` at the most: far more than a shop can owe. */
const STEPS_MAX = 2_000;

/**
 * Uninstalls the shop. Refuses a body that names another shop, and an unknown shop; a webhook from before the shop came back changes nothing. Safe to
 * repeat: what a failure leaves, Shopify's retry does.
 */
export async function uninstall(inbound: Inbound, stopSending: StopSending): Promise<Result<null>> {
  const { shop, body, at } = inbound;
  // Shopify's own example leaves the name out.
  if ((shopNamedBy(body) ?? shop) !== shop) return refuse("shop_named_otherwise");
  const leftAt = timeFrom(inbound.triggeredAt) ?? at;
  const left = await inShop(shop, async (tx) => {
    const state = await leave(tx, leftAt, at);
    return { state, more: state === "left" && (await stopSending(tx, at)) };
  });
  if (left.state === "unknown") return refuse("shop_unknown");
  if (left.state === "came_back") return accept(null);
  await forgetTokens(shop);
  let more = left.more;
  for (let step = 0; more && step < STEPS_MAX; step += 1)
    more = await inShop(shop, async (tx) => (await isGone(tx)) && stopSending(tx, at));
  log.info("shop.uninstalled", { shop });
  return accept(null);
}

async function leave(tx: ShopTx, leftAt: Date, at: Date): Promise<"left" | "came_back" | "unknown"> {
  const shop = await lockLife(tx);
  if (shop === null) return "unknown";
  if (shop.leftAt !== null && shop.uninstalledAt === null && shop.installedAt > leftAt) return "came_back";
  await tx.db.$executeRaw`
    UPDATE shop SET uninstalled_at = coalesce(uninstalled_at, ${at}), left_at = ${at}, plan_status = 'none',
      sends_webhooks = false
    WHERE shop_id = ${tx.shopId}`;
  await revokeAllApiKeys(tx, at);
  return "left";
}

// A shop that came back between two steps has subscriptions of its new time, which are not to be stopped.
async function isGone(tx: ShopTx): Promise<boolean> {
  const shop = await lockLife(tx);
  return shop !== null && shop.uninstalledAt !== null;
}

/** When a shop came and went. */
type Life = { installedAt: Date; uninstalledAt: Date | null; leftAt: Date | null };

/**
 * When the shop came and went, its row locked; null for an unknown shop. Locked before it is read: whoever waits for a
 * shop that is coming back must see that it did. Before any row of a subscription or delivery, as everywhere.
 */
export async function lockLife(tx: ShopTx): Promise<Life | null> {
  const [row] = await tx.db.$queryRaw<Life[]>`
    SELECT installed_at AS "installedAt", uninstalled_at AS "uninstalledAt", left_at AS "leftAt"
    FROM shop WHERE shop_id = ${tx.shopId} FOR UPDATE`;
  return row ?? null;
}

/** Forgets the shop's tokens; Shopify has ended them already. */
export async function forgetTokens(shop: ShopId): Promise<void> {
  await prisma().session.deleteMany({ where: { shop } });
}
