// Pauses, resumes, disables, enables and deletes a subscription.
import { accept } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx, Within } from "../platform/db.server.ts";
import { subscriptionToChange } from "./may-change.server.ts";
import { cancelDeleted } from "./stop-sending.server.ts";

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

/**
 * Deletes a subscription: no attempt starts after the commit. What it was still owed is cancelled, a long backlog by a
 * worker afterwards; its log stays until it is too old.
 */
export async function deleteSubscription(within: Within, id: string): Promise<Result<{ cancelled: number }>> {
  return inShop(within, async (tx): Promise<Result<{ cancelled: number }>> => {
    const found = await subscriptionToChange(tx, id, null);
    if (!found.ok) return found;
    const cancelled = await cancelDeleted(tx, id);
    await settleNotice(tx, id);
    await tx.db.subscription.delete({ where: { id, shopId: tx.shopId } });
    return accept({ cancelled });
  });
}

async function settleNotice(tx: ShopTx, subjectId: string): Promise<void> {
  await tx.db.notice.updateMany({
    where: { shopId: tx.shopId, kind: "webhooks.disabled", subjectId, resolvedAt: null },
    data: { resolvedAt: now() },
  });
}
