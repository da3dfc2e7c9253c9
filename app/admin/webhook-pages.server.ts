// What Settings > Webhooks shows: the list, one subscription with its deliveries, one delivery.
import type { ShopId } from "../loyalty/ids.ts";
import type { Shop } from "../shops/shop.ts";
import { filterFrom } from "./delivery-filter.server.ts";
import { findDelivery } from "../webhooks/find-delivery.server.ts";
import { listDeliveries } from "../webhooks/list-deliveries.server.ts";
import { findSubscription, listSubscriptions } from "../webhooks/list-subscriptions.server.ts";
import { countFailedSince } from "../webhooks/replay.server.ts";
import { env } from "../platform/env.server.ts";
import { now } from "../platform/clock.server.ts";

const DAY_MS = 86_400_000;
const PAGE = 25;

/** The shop's subscriptions with their health. */
export const readWebhooksPage = listSubscriptions;

/** Hosts that may be loopback here: the development switch, so that the form judges as the server does. */
export function loopbackHosts(): readonly string[] {
  return env().WEBHOOK_LOOPBACK_HOSTS;
}

/** A subscription with a page of its deliveries; null where the shop has none with this id, or no such page. */
export async function readSubscriptionPage(
  { id: shopId, timezone }: Pick<Shop, "id" | "timezone">,
  id: string,
  asked: URLSearchParams,
) {
  const subscription = await findSubscription(shopId, id);
  if (subscription === null) return null;
  const filter = { ...(await filterFrom(shopId, asked, timezone)), subscriptionId: id };
  const page = await listDeliveries(shopId, filter, { after: asked.get("cursor"), size: PAGE });
  if (!page.ok) return null;
  const since = new Date(now().getTime() - 3 * DAY_MS);
  const failed = await countFailedSince(shopId, { subscriptionId: id, since });
  return { subscription, ...page.value, failed, since };
}

/** A delivery with its attempts, and where it goes; null where the shop has none with this id. */
export async function readDeliveryPage(shopId: ShopId, id: string) {
  const delivery = await findDelivery(shopId, id);
  if (delivery === null) return null;
  return { delivery, subscription: await findSubscription(shopId, delivery.subscriptionId) };
}
