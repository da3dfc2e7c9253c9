// Shops, subscriptions and owed events for the bench of deliveries, through the app's own use cases.
import { catalogue } from "../../app/events/catalogue.ts";
import { record } from "../../app/events/record.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { createSubscription } from "../../app/webhooks/save-subscription.server.ts";

const EVENTS_PER_COMMIT = 200;
/** What is delivered, and the event that is recorded for it. */
export const EVENT_TYPE = "order.recorded";
const data = catalogue[EVENT_TYPE].example;

/** Makes shops on Growth with so many subscriptions each, all at `url`, or at what it says for the nth of a shop. */
export async function makeShops(
  prefix: string,
  shops: number,
  each: number,
  url: string | ((n: number) => string),
): Promise<ShopId[]> {
  const made: ShopId[] = [];
  for (let i = 0; i < shops; i += 1) {
    const shopId = `${prefix}-${i}.myshopify.com` as ShopId;
    const row = { id: shopId, name: "Bench", currency: "EUR", plan: "growth", sendsWebhooks: true };
    await inShop(shopId, (tx) => tx.db.shop.create({ data: { ...row, installedAt: now() } }));
    const form = {
      format: "laurel",
      eventTypes: [EVENT_TYPE],
      description: "",
      headers: [],
      ratePerSecond: null,
    };
    for (let n = 0; n < each; n += 1) {
      const created = await createSubscription(shopId, {
        ...form,
        url: typeof url === "string" ? url : url(n),
      });
      if (!created.ok) throw new Error(created.refusal);
    }
    made.push(shopId);
  }
  return made;
}

/** Records so many events in a shop; what comes back is the id of the last. */
export async function oweEvents(shopId: ShopId, count: number): Promise<string> {
  let last = "";
  for (let left = count; left > 0; left -= EVENTS_PER_COMMIT) {
    await inShop(shopId, (tx) => {
      for (let i = 0; i < Math.min(left, EVENTS_PER_COMMIT); i += 1) {
        last = record(tx, { type: EVENT_TYPE, memberId: null, occurredAt: now(), data });
      }
      return Promise.resolve();
    });
  }
  return last;
}

/** Lets the shops send, or holds them back; the worker looks at it with every claim. */
export async function letSend(shops: readonly ShopId[], sends: boolean): Promise<void> {
  for (const shopId of shops) {
    await inShop(shopId, async (tx) => {
      await tx.db.shop.update({ where: { id: shopId }, data: { sendsWebhooks: sends } });
      const lanes = await tx.db.subscription.findMany({ where: { shopId }, select: { id: true } });
      if (sends) for (const { id } of lanes) tx.lanes.add(id);
    });
  }
}
