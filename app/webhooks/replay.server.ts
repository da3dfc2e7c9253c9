// Sends deliveries again: the same bytes and id, marked manual. A delivery has one schedule: what still waits is only
// brought forward, what had ended starts its schedule anew.
import { Prisma } from "../../generated/prisma/index.js";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx, Within } from "../platform/db.server.ts";
import { refuseUnlessAllowed } from "./may-change.server.ts";

export const MAX_SELECTED = 250;
/** `replayed` go out now; `skipped` were under way, erased, or their subscription is not enabled. */
export type Replayed = { replayed: number; skipped: number };

/** What can be sent again now: not under way, its subscription enabled, its body still there. */
export const REPLAYABLE = Prisma.sql`(d.lease IS NULL OR d.leased_until <= now())
  AND EXISTS (SELECT FROM subscription s WHERE s.shop_id = d.shop_id AND s.subscription_id = d.subscription_id AND s.state = 'enabled')
  AND EXISTS (SELECT FROM event e WHERE e.shop_id = d.shop_id AND e.event_id = d.event_id AND e.body IS NOT NULL)`;

/** What sending again sets: due now, by hand; what had ended starts its schedule anew, what still waits keeps its step. */
export const SENT_AGAIN = Prisma.sql`state = 'pending', manual = true, due_at = now(), reason = NULL, settled_at = NULL,
  step = CASE WHEN d.state = 'pending' THEN d.step ELSE 0 END, claims = d.attempts, lease = NULL, leased_until = NULL`;

/** As a part of the statement that sends `chosen` again: an earlier replay that took them no longer gives them back. */
export const SUPERSEDES = Prisma.sql`superseding AS (
  UPDATE replayed r SET superseded = true FROM chosen c WHERE r.delivery_id = c.delivery_id AND NOT r.superseded)`;

async function replay(tx: ShopTx, ids: readonly string[]): Promise<number> {
  const rows = await tx.db.$queryRaw<{ subscription_id: string }[]>(Prisma.sql`
    WITH chosen AS MATERIALIZED (
      SELECT d.delivery_id FROM delivery d
       WHERE d.shop_id = ${tx.shopId} AND d.delivery_id = ANY (${[...ids]}) AND ${REPLAYABLE}
       ORDER BY d.delivery_id FOR UPDATE SKIP LOCKED
    ), ${SUPERSEDES}
    UPDATE delivery d SET ${SENT_AGAIN}
      FROM chosen c WHERE d.shop_id = ${tx.shopId} AND d.delivery_id = c.delivery_id
    RETURNING d.subscription_id`);
  for (const { subscription_id: id } of rows) tx.lanes.add(id);
  return rows.length;
}

/** Sends one delivery again. Refuses with the reason where it cannot be. */
export async function replayOne(within: Within, deliveryId: string): Promise<Result<Replayed>> {
  return inShop(within, async (tx): Promise<Result<Replayed>> => {
    const refused = await refuseUnlessAllowed(tx);
    if (refused !== null) return refused;
    const done = await replay(tx, [deliveryId]);
    return done === 1 ? accept({ replayed: 1, skipped: 0 }) : refuse(await whyNot(tx, deliveryId));
  });
}

async function whyNot(tx: ShopTx, deliveryId: string) {
  const { shopId } = tx;
  const delivery = await tx.db.delivery.findFirst({ where: { shopId, id: deliveryId } });
  if (delivery === null) return "delivery_unknown";
  const { subscriptionId, eventId } = delivery;
  const subscription = await tx.db.subscription.findFirst({ where: { shopId, id: subscriptionId } });
  if (subscription === null) return "subscription_unknown";
  if (subscription.state !== "enabled") return "subscription_not_enabled";
  const event = await tx.db.event.findFirst({ where: { shopId, id: eventId }, select: { body: true } });
  return event?.body == null ? "body_removed" : "delivery_under_way";
}

/** Sends the selected deliveries again (250 at the most are looked at). */
export async function replaySelected(
  within: Within,
  deliveryIds: readonly string[],
): Promise<Result<Replayed>> {
  const ids = [...new Set(deliveryIds)].slice(0, MAX_SELECTED);
  if (ids.length === 0) return refuse("delivery_unknown");
  return inShop(within, async (tx): Promise<Result<Replayed>> => {
    const refused = await refuseUnlessAllowed(tx);
    if (refused !== null) return refused;
    const replayed = await replay(tx, ids);
    return accept({ replayed, skipped: ids.length - replayed });
  });
}
