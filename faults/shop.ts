// A round's shop and its events, through the app's own use cases.
import { catalogue } from "../app/events/catalogue.ts";
import { record } from "../app/events/record.server.ts";
import type { ShopId } from "../app/loyalty/ids.ts";
import { now } from "../app/platform/clock.server.ts";
import { inShop } from "../app/platform/db.server.ts";
import { installProgram } from "../app/program/save.server.ts";
import { createSubscription } from "../app/webhooks/save-subscription.server.ts";

const data = catalogue["order.recorded"].example;

/** Installs a shop on Growth with its program, and a subscription at each of these addresses. */
export async function openShop(shopId: ShopId, urls: readonly string[], eventTypes: string[]): Promise<void> {
  await inShop(shopId, async (tx) => {
    const row = { id: shopId, name: "Faults", currency: "USD", plan: "growth", sendsWebhooks: true };
    await tx.db.shop.create({ data: { ...row, installedAt: now() } });
    await installProgram(tx, now());
  });
  for (const url of urls) {
    const form = { url, eventTypes, description: "", format: "laurel", headers: [], ratePerSecond: null };
    const created = await createSubscription(shopId, form);
    if (!created.ok) throw new Error(created.refusal);
  }
}

/** Stops owing to a shop whose round is over, so that nothing of it is in the next one's way. */
export async function closeShop(shopId: ShopId): Promise<void> {
  await inShop(shopId, (tx) => tx.db.shop.update({ where: { id: shopId }, data: { sendsWebhooks: false } }));
}

/** Commits so many events in one transaction, and rings. */
export async function commitEvents(shopId: ShopId, count: number): Promise<void> {
  await inShop(shopId, (tx) => {
    for (let i = 0; i < count; i += 1) {
      record(tx, { type: "order.recorded", memberId: null, occurredAt: now(), data });
    }
    return Promise.resolve();
  });
}
