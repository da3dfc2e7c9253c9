// Pauses, resumes, disables, enables and deletes a subscription.
import { accept } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx, Within } from "../platform/db.server.ts";
import { subscriptionToChange } from "./may-change.server.ts";

/** enabled: deliveries go out. paused: events are kept for later. disabled: new events owe it nothing. */
export type SubscriptionState = "enabled" | "paused" | "disabled";

/**
 * Puts a subscription into `state`. Enabling starts with a clean sheet: breaker closed, the notice settled, and what
 * waited goes out. No attempt starts after the commit of a pause or of disabling.
 */
export async function switchSubscription(
  within: Within,
  id: string,
  state: SubscriptionState,
): Promise<Result<{ revision: number }>> {
  return inShop(within, async (tx): Promise<Result<{ revision: number }>> => {
    const found = await subscriptionToChange(tx, id, null);
    if (!found.ok) return found;
    if (found.value.state === state) return accept({ revision: found.value.revision });
    const at = now();
    const disabled = state === "disabled";
    const revision = found.value.revision + 1;
    await tx.db.subscription.update({
      where: { id, shopId: tx.shopId },
      data: {
        state,
        revision,
        disabledAt: disabled ? at : null,
        disabledReason: disabled ? "merchant" : null,
        updatedAt: at,
      },
    });
    if (state === "enabled") await startAfresh(tx, id);
    return accept({ revision });
  });
}

async function startAfresh(tx: ShopTx, id: string): Promise<void> {
  const { shopId } = tx;
  await tx.db.lane.updateMany({
    where: { shopId, subscriptionId: id },
    data: { breaker: "closed", breakerOpens: 0, consecutiveFailures: 0, failingSince: null, notBefore: null },
  });
  await settleNotice(tx, id);
  tx.lanes.add(id);
}

/** Deletes a subscription. What it was still owed is cancelled; its log stays until it is too old. */
export async function deleteSubscription(within: Within, id: string): Promise<Result<{ cancelled: number }>> {
  return inShop(within, async (tx): Promise<Result<{ cancelled: number }>> => {
    const { shopId } = tx;
    const found = await subscriptionToChange(tx, id, null);
    if (!found.ok) return found;
    const at = now();
    const cancelled = await tx.db.$executeRaw`
      UPDATE delivery d SET state = 'cancelled', reason = 'subscription_deleted', settled_at = ${at} FROM owed o
      WHERE o.shop_id = ${shopId} AND o.subscription_id = ${id} AND d.shop_id = ${shopId}
        AND d.delivery_id = o.delivery_id AND d.state = 'pending'`;
    await settleNotice(tx, id);
    await tx.db.subscription.delete({ where: { id, shopId } });
    return accept({ cancelled });
  });
}

async function settleNotice(tx: ShopTx, subjectId: string): Promise<void> {
  await tx.db.notice.updateMany({
    where: { shopId: tx.shopId, kind: "webhooks.disabled", subjectId, resolvedAt: null },
    data: { resolvedAt: now() },
  });
}
