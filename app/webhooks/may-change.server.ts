// Whether a shop may have and change webhooks now, and the row that a change starts from.
import { Prisma } from "../../generated/prisma/index.js";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Refused, Result } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";

/** Refuses where the plan is below Growth, unpaid, or the app is gone. Locks the shop's row: limits are counted under it. */
export async function refuseUnlessAllowed(tx: ShopTx): Promise<Refused | null> {
  const [shop] = await tx.db.$queryRaw<{ plan_status: string; sends_webhooks: boolean }[]>`
    SELECT plan_status, sends_webhooks FROM shop
     WHERE shop_id = ${tx.shopId} AND uninstalled_at IS NULL FOR NO KEY UPDATE`;
  if (shop === undefined) return refuse("shop_unknown");
  if (shop.plan_status === "frozen") return refuse("shop_read_only");
  return shop.sends_webhooks ? null : refuse("plan_too_low");
}

/** Whether the shop may change webhooks now, asked before anything that costs; each change asks again, under lock. */
export async function mayChangeWebhooks(shopId: ShopId): Promise<boolean> {
  return inShop(shopId, async (tx) => (await refuseUnlessAllowed(tx)) === null);
}

/** What every change needs to know of a subscription. */
export type SubscriptionRow = {
  id: string;
  state: "enabled" | "paused" | "disabled";
  revision: number;
  secret: string;
  nextSecret: string | null;
  /** A rotation is under way: both secrets sign. */
  rotating: boolean;
};

/**
 * The subscription, locked, after the shop was allowed. A rotation whose time is over has put the new secret in place.
 * `revision`: the one that the form was opened with; another one is refused as stale. Null = whatever it is.
 */
export async function subscriptionToChange(
  tx: ShopTx,
  id: string,
  revision: number | null,
): Promise<Result<SubscriptionRow>> {
  const refused = await refuseUnlessAllowed(tx);
  if (refused !== null) return refused;
  // Deleting takes the lane too. Settling locks the lane before the subscription that it disables; so does this.
  await tx.db.$queryRaw`
    SELECT FROM lane WHERE shop_id = ${tx.shopId} AND subscription_id = ${id} FOR UPDATE`;
  await tx.db.$executeRaw`
    UPDATE subscription SET secret = next_secret, next_secret = NULL, rotation_ends_at = NULL,
           sent_as_since = greatest(sent_as_since, rotation_ends_at)
     WHERE shop_id = ${tx.shopId} AND subscription_id = ${id} AND next_secret IS NOT NULL AND rotation_ends_at <= now()`;
  const [row] = await tx.db.$queryRaw<SubscriptionRow[]>(Prisma.sql`
    SELECT subscription_id AS id, state, revision, secret, next_secret AS "nextSecret",
           next_secret IS NOT NULL AS rotating
      FROM subscription WHERE shop_id = ${tx.shopId} AND subscription_id = ${id} FOR UPDATE`);
  if (row === undefined) return refuse("subscription_unknown");
  return revision === null || row.revision === revision ? accept(row) : refuse("form_stale");
}
