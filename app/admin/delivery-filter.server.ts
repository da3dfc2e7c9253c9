// Which deliveries the log shows: what the screen's address asks for, as the filter of the query.
import { EVENT_TYPES, isEventType } from "../events/catalogue.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { memberKnownAs } from "../members/queries.server.ts";
import { orderNamed } from "../orders/queries.server.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { momentAt } from "../shops/shop-time.ts";
import { DELIVERY_STATES } from "../webhooks/list-deliveries.server.ts";
import type { DeliveryFilter } from "../webhooks/list-deliveries.server.ts";
import { LOG_TIMES } from "../webhooks/log-times.ts";

const MAX_SEARCH = 200;
/** No id is empty: a search that leads to nobody, or to no event type that was chosen, finds nothing. */
const NOBODY = "";

/**
 * Reads `q` (an event, delivery, member or order id, an order's name, a customer's e-mail address or Shopify id, or a part
 * of an event type), `state` and `type` (both with commas), and `time` (of LOG_TIMES) or `from` and `until` (on the clocks of
 * `zone`). What does not read is as if it were not there.
 */
export async function filterFrom(
  shopId: ShopId,
  asked: URLSearchParams,
  zone: string,
): Promise<Omit<DeliveryFilter, "subscriptionId">> {
  const list = (name: string) => (asked.get(name) ?? "").split(",");
  const states = DELIVERY_STATES.filter((state) => list("state").includes(state));
  const eventTypes = list("type").filter(isEventType);
  const words = (asked.get("q") ?? "").trim().slice(0, MAX_SEARCH);
  return {
    ...(states.length > 0 ? { states } : {}),
    ...timeFrom(asked, zone),
    ...amongTypes(eventTypes, words === "" ? {} : await inShop(shopId, (tx) => meant(tx, words))),
  };
}

function timeFrom(asked: URLSearchParams, zone: string): Pick<DeliveryFilter, "from" | "until"> {
  const recent = LOG_TIMES.find(({ value }) => value === asked.get("time"));
  if (recent !== undefined) return { from: new Date(now().getTime() - recent.ms) };
  const from = momentAt(asked.get("from") ?? "", zone);
  const until = momentAt(asked.get("until") ?? "", zone);
  return { ...(from === null ? {} : { from }), ...(until === null ? {} : { until }) };
}

type Found = Pick<DeliveryFilter, "eventId" | "deliveryId" | "memberId" | "orderId" | "eventTypes">;

/** What was found, of the chosen event types only; none chosen: of all. */
function amongTypes(chosen: readonly string[], found: Found): Found {
  if (chosen.length === 0) return found;
  const eventTypes = chosen.filter((type) => found.eventTypes?.includes(type) ?? true);
  return eventTypes.length > 0 ? { ...found, eventTypes } : { eventId: NOBODY };
}

async function meant(tx: ShopTx, words: string): Promise<Found> {
  if (words.startsWith("evt_")) return { eventId: words };
  if (words.startsWith("dlv_")) return { deliveryId: words };
  if (words.startsWith("mem_")) return { memberId: words };
  const [, resource, digits = ""] = /^gid:\/\/shopify\/(Order|Customer)\/(\d+)$/.exec(words) ?? [];
  if (resource === "Order") return { orderId: digits };
  if (resource === "Customer") return { memberId: (await memberKnownAs(tx, digits)) ?? NOBODY };
  if (words.includes("@")) return { memberId: (await memberKnownAs(tx, words)) ?? NOBODY };
  if (/^#?\d+$/.test(words)) return numbered(tx, words);
  const eventTypes = EVENT_TYPES.filter((type) => type.includes(words.toLowerCase()));
  return eventTypes.length > 0 ? { eventTypes } : { orderId: (await orderNamed(tx, words)) ?? NOBODY };
}

// Behind "#" it is an order. Digits alone are an order's name first, then a customer's Shopify id, then an order's.
async function numbered(tx: ShopTx, words: string): Promise<Found> {
  const digits = words.replace("#", "");
  const orderId = await orderNamed(tx, digits);
  if (orderId !== null) return { orderId };
  const memberId = words === digits ? await memberKnownAs(tx, digits) : null;
  return memberId === null ? { orderId: digits } : { memberId };
}
