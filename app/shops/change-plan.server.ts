// What app_subscriptions/update does: the plan, whether deliveries may start, and the notice that says so.
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Inbound } from "../shopify/inbound.server.ts";
import { timeFrom } from "../shopify/fields.ts";
import { subscriptionFrom } from "../shopify/shop-life.ts";
import { tellOfDeliveries } from "./plan-notice.server.ts";
import { allows } from "./plans.ts";
import type { Standing } from "./plans.ts";
import { standingAfter } from "./standing.ts";
import type { KnownStanding } from "./standing.ts";

/** Follows the shop's subscription. Refuses a body without one; an unknown shop; a late word changes nothing. */
export async function changePlan({ shop, body, triggeredAt, at }: Inbound): Promise<Result<Standing>> {
  const said = subscriptionFrom(body);
  if (!said.ok) return said;
  return inShop(shop, async (tx) => {
    const known = await lockStanding(tx);
    if (known === null) return refuse("shop_unknown");
    const updatedAt = said.value.updatedAt ?? timeFrom(triggeredAt);
    const standing = standingAfter(known, { ...said.value, updatedAt }, at);
    if (standing === null) return accept(known);
    await saveStanding(tx, standing, at);
    log.info("plan.changed", { shop, plan: standing.plan, status: standing.planStatus });
    return accept(standing);
  });
}

/** What is known of the shop's plan, its row locked; null for an unknown shop. */
export async function lockStanding(tx: ShopTx): Promise<KnownStanding | null> {
  const [row] = await tx.db.$queryRaw<KnownStanding[]>`
    SELECT plan, plan_status AS "planStatus", plan_subscription_id AS "subscriptionId", plan_as_of AS "asOf"
    FROM shop WHERE shop_id = ${tx.shopId} FOR UPDATE`;
  return row ?? null;
}

/** Writes a standing, with what follows of it. An uninstalled shop starts no delivery whatever its plan. */
export async function saveStanding(tx: ShopTx, standing: KnownStanding, at: Date): Promise<void> {
  const { plan, planStatus, subscriptionId, asOf } = standing;
  await tx.db.$executeRaw`
    UPDATE shop SET plan = ${plan}, plan_subscription_id = ${subscriptionId}, plan_as_of = ${asOf}::timestamptz,
      plan_status = CASE WHEN uninstalled_at IS NULL THEN ${planStatus} ELSE 'none' END,
      sends_webhooks = uninstalled_at IS NULL AND ${allows(standing, "webhooks")}
    WHERE shop_id = ${tx.shopId}`;
  await tellOfDeliveries(tx, standing, at);
}
