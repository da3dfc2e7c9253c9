// Creates a subscription, with its secret shown once, and saves what a merchant edits of it.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { databaseNow, inShop } from "../platform/db.server.ts";
import type { ShopTx, Within } from "../platform/db.server.ts";
import { env } from "../platform/env.server.ts";
import { newId } from "../platform/ids.server.ts";
import { seal } from "../platform/secrets.server.ts";
import { refuseUnlessAllowed, subscriptionToChange } from "./may-change.server.ts";
import { secretBinding } from "./prepare.server.ts";
import { newSecret } from "./signature.server.ts";
import { openHeaders, sealHeaders } from "./stored-headers.server.ts";
import type { StoredHeaders } from "./stored-headers.server.ts";
import { checkSubscription } from "./subscription-form.ts";
import type { SubscriptionForm } from "./subscription-form.ts";

export const MAX_SUBSCRIPTIONS = 20;

/** `secret` is shown now and never again; `sameUrl` = another subscription has this URL already (allowed, hinted at). */
export type Created = { id: string; secret: string; sameUrl: boolean };

/** Creates an enabled subscription. Refuses what the form, the plan or the limit of twenty forbids. */
export async function createSubscription(within: Within, form: SubscriptionForm): Promise<Result<Created>> {
  const checked = checkSubscription(form, env().WEBHOOK_LOOPBACK_HOSTS);
  if (!checked.ok) return checked;
  const settings = checked.value;
  return inShop(within, async (tx): Promise<Result<Created>> => {
    const { shopId } = tx;
    const refused = await refuseUnlessAllowed(tx);
    if (refused !== null) return refused;
    const others = await tx.db.subscription.findMany({ where: { shopId }, select: { url: true } });
    if (others.length >= MAX_SUBSCRIPTIONS) return refuse("subscriptions_too_many");
    const id = newId("whsub");
    const secret = newSecret();
    const sealed = seal(secret, secretBinding(shopId, id));
    const headers = sealHeaders(settings.headers, [shopId, id]);
    const at = await databaseNow(tx);
    await tx.db.subscription.create({
      data: {
        id,
        shopId,
        ...settings,
        headers,
        secret: sealed,
        createdAt: at,
        updatedAt: at,
        sentAsSince: at,
      },
    });
    return accept({ id, secret, sameUrl: others.some(({ url }) => url === settings.url) });
  });
}

/**
 * Saves an edit. `revision`: of the form that was opened; an edit in between is refused as `form_stale`.
 * Deliveries that wait go to the new URL.
 */
export async function editSubscription(
  within: Within,
  id: string,
  revision: number | null,
  form: SubscriptionForm,
): Promise<Result<{ revision: number; sameUrl: boolean }>> {
  const checked = checkSubscription(form, env().WEBHOOK_LOOPBACK_HOSTS);
  if (!checked.ok) return checked;
  const settings = checked.value;
  return inShop(within, async (tx): Promise<Result<{ revision: number; sameUrl: boolean }>> => {
    const { shopId } = tx;
    const found = await subscriptionToChange(tx, id, revision);
    if (!found.ok) return found;
    const next = found.value.revision + 1;
    const at = await databaseNow(tx);
    const isSentOtherwise = await changesRequests(tx, id, settings);
    await tx.db.subscription.update({
      where: { id, shopId },
      data: {
        ...settings,
        headers: sealHeaders(settings.headers, [shopId, id]),
        revision: next,
        updatedAt: at,
        ...(isSentOtherwise ? { sentAsSince: at } : {}),
      },
    });
    return accept({ revision: next, sameUrl: await isUsedTwice(tx, id, settings.url) });
  });
}

// The format is each delivery's own, so another one changes no request of what was recorded before.
async function changesRequests(
  tx: ShopTx,
  id: string,
  { url, headers }: { url: string; headers: Record<string, string> },
): Promise<boolean> {
  const { shopId } = tx;
  const before = await tx.db.subscription.findUniqueOrThrow({
    where: { id, shopId },
    select: { url: true, headers: true },
  });
  const known = openHeaders(before.headers as StoredHeaders, [shopId, id]);
  return before.url !== url || JSON.stringify(known) !== JSON.stringify(headers);
}

async function isUsedTwice(tx: ShopTx, id: string, url: string): Promise<boolean> {
  const { shopId } = tx;
  return (await tx.db.subscription.count({ where: { shopId, url, NOT: { id } } })) > 0;
}
