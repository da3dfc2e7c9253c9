// Records a test event for one subscription: the example of a type, marked `test`, outside the members' sequences.
import { shopHandle } from "../loyalty/ids.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { now } from "../platform/clock.server.ts";
import { newId } from "../platform/ids.server.ts";
import { catalogueRow, type EventType } from "./catalogue.ts";
import { API_VERSION } from "./envelope.ts";

/** `format`: the subscription's, which has this type. */
export type NewTest = { subscriptionId: string; format: string; type: EventType; leaseMs: number };

/**
 * Writes the event and its one delivery, leased to the caller for `leaseMs`; nobody else will send it before. `at`: now,
 * by the database's clock.
 */
export async function recordTest(
  tx: ShopTx,
  { subscriptionId, format, type, leaseMs }: NewTest,
): Promise<{ eventId: string; deliveryId: string; lease: string; body: string; at: Date }> {
  const occurredAt = now();
  const eventId = newId("evt");
  const deliveryId = newId("dlv");
  const body = JSON.stringify({
    id: eventId,
    event: type,
    shop: shopHandle(tx.shopId),
    timestamp: occurredAt.toISOString(),
    api_version: API_VERSION,
    sequence: 0,
    test: true,
    data: catalogueRow(type).example,
  });
  const [row] = await tx.db.$queryRaw<{ lease: string; at: Date }[]>`
    WITH told AS (
      INSERT INTO event (event_id, shop_id, type, sequence, test, body, occurred_at, recorded_at)
      VALUES (${eventId}, ${tx.shopId}, ${type}, 0, true, ${body}, ${occurredAt}, ${occurredAt})
    )
    INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, format, due_at, created_at, manual,
      claims, lease, leased_until)
    VALUES (${deliveryId}, ${tx.shopId}, ${subscriptionId}, ${eventId}, ${type}, ${format}, now(), now(), true, 1,
      nextval('delivery_lease'), now() + ${leaseMs}::int * interval '1 ms')
    RETURNING lease::text, due_at AS at`;
  if (row === undefined) throw new Error("the test delivery was not written");
  return { eventId, deliveryId, lease: row.lease, body, at: row.at };
}
