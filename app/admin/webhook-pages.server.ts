// What Settings > Webhooks shows: the list, one subscription with its deliveries, one delivery.
import type { ReplayView } from "../webhooks/replay-since.server.ts";
import type { ShopId } from "../loyalty/ids.ts";
import type { Shop } from "../shops/shop.ts";
import { filterFrom } from "./delivery-filter.server.ts";
import { findDelivery } from "../webhooks/find-delivery.server.ts";
import { readHealthHistory } from "../webhooks/health-history.server.ts";
import { listDeliveries } from "../webhooks/list-deliveries.server.ts";
import { findSubscription, listSubscriptions, readHeaders } from "../webhooks/list-subscriptions.server.ts";
import { countFailedSince, newestReplay } from "../webhooks/replay-since.server.ts";
import { OVERLAP_HOURS } from "../webhooks/rotate-secret.server.ts";
import { env } from "../platform/env.server.ts";
import { now } from "../platform/clock.server.ts";
import { isTime } from "../platform/pages.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAGE = 25;

/** The shop's subscriptions with their health. */
export const readWebhooksPage = listSubscriptions;

/** Hosts that may be loopback here: the development switch, so that the form judges as the server does. */
export function loopbackHosts(): readonly string[] {
  return env().WEBHOOK_LOOPBACK_HOSTS;
}

/** A subscription, its own headers to edit, and a page of its deliveries; null where the shop has none with this id, or no such page. */
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
  const history = await readHealthHistory(shopId, id, timezone);
  const headers = await readHeaders(shopId, id);
  const replay = await replayShown(shopId, id);
  const overlap = subscription.secretOpens ? overlapFromNow() : null;
  return { subscription, headers, ...page.value, history, replay, overlap };
}

/** How long, and until when, both secrets would sign where a rotation begins now. */
const overlapFromNow = () => ({
  hours: OVERLAP_HOURS,
  until: new Date(now().getTime() + OVERLAP_HOURS * HOUR_MS),
});

/** The newest replay while it goes on, and for a day after it began; null otherwise. */
async function replayShown(shopId: ShopId, id: string): Promise<ReplayView | null> {
  const replay = await newestReplay(shopId, id);
  if (replay === null) return null;
  const isFresh = now().getTime() - replay.startedAt.getTime() < DAY_MS;
  return isFresh || replay.state === "running" || replay.waiting > 0 ? replay : null;
}

/** What a replay since a time would take (null without a time), and how far the newest one is. */
export async function readReplay(shopId: ShopId, id: string, since: string | null) {
  const count = isTime(since ?? "")
    ? await countFailedSince(shopId, { subscriptionId: id, since: new Date(since ?? "") })
    : null;
  return { count, replay: await newestReplay(shopId, id) };
}

/** A delivery with its attempts, and where it goes; null where the shop has none with this id. */
export async function readDeliveryPage(shopId: ShopId, id: string) {
  const delivery = await findDelivery(shopId, id);
  if (delivery === null) return null;
  return { delivery, subscription: await findSubscription(shopId, delivery.subscriptionId) };
}
