// Records events and the deliveries they owe, in the caller's transaction: the outbox.
import { shopHandle } from "../loyalty/ids.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { now } from "../platform/clock.server.ts";
import { newId } from "../platform/ids.server.ts";
import { catalogueRow, type EventData, type EventType } from "./catalogue.ts";
import { API_VERSION } from "./envelope.ts";

const EVENTS_MAX = 200;

/** A fact to record. `memberId` null = not about a member (sequence 0). */
export type NewEvent<Type extends EventType = EventType> = {
  type: Type;
  memberId: string | null;
  orderId?: string;
  occurredAt: Date;
  data: EventData<Type>;
};

type Row = {
  event_id: string;
  member_id: string | null;
  order_id: string | null;
  type: string;
  nth: number;
  occurred_at: string;
  head: string;
  tail: string;
};

const waiting = new WeakMap<ShopTx, Row[]>();

/**
 * Records one event. It is written, with its deliveries, in one statement just before COMMIT; a member's events are
 * numbered there without gaps, in the order of the calls. The member's row is locked by the caller or by that statement.
 * @returns the event's id.
 * @throws when `data` does not fit the catalogue's schema.
 */
export function record<Type extends EventType>(tx: ShopTx, event: NewEvent<Type>): string {
  const data = catalogueRow(event.type).data.parse(event.data);
  let rows = waiting.get(tx);
  if (rows === undefined) {
    rows = [];
    waiting.set(tx, rows);
    tx.beforeCommit.push(() => write(tx));
  }
  if (rows.length >= EVENTS_MAX) throw new Error(`more than ${EVENTS_MAX} events in one transaction`);
  const id = newId("evt");
  const nth = 1 + rows.filter((row) => row.member_id === event.memberId).length;
  rows.push({
    event_id: id,
    member_id: event.memberId,
    order_id: event.orderId ?? null,
    type: event.type,
    nth,
    occurred_at: event.occurredAt.toISOString(),
    ...aroundSequence(id, tx, event, data),
  });
  return id;
}

// The sequence is known only to the statement that counts it, so the body is handed over in two halves.
function aroundSequence(
  id: string,
  tx: ShopTx,
  event: NewEvent,
  data: unknown,
): { head: string; tail: string } {
  const before = {
    id,
    event: event.type,
    shop: shopHandle(tx.shopId),
    timestamp: event.occurredAt.toISOString(),
    api_version: API_VERSION,
  };
  return {
    head: `${JSON.stringify(before).slice(0, -1)},"sequence":`,
    tail: `,${JSON.stringify({ test: false, data }).slice(1)}`,
  };
}

function write(tx: ShopTx): void {
  const rows = waiting.get(tx) ?? [];
  waiting.delete(tx);
  const owed = tx.db.$queryRaw<{ subscription_id: string }[]>`
    WITH fact AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS f (event_id text, member_id text,
        order_id text, type text, nth int, occurred_at timestamptz, head text, tail text)
    ), counted AS (
      UPDATE member m SET sequence = m.sequence + c.events
        FROM (SELECT member_id, count(*)::int AS events FROM fact WHERE member_id IS NOT NULL GROUP BY member_id) c
       WHERE m.shop_id = ${tx.shopId} AND m.member_id = c.member_id
      RETURNING m.member_id, m.sequence - c.events AS before
    ), recorded AS (
      INSERT INTO event (event_id, shop_id, member_id, order_id, type, sequence, body, occurred_at, recorded_at)
      SELECT f.event_id, ${tx.shopId}, f.member_id, f.order_id, f.type, n.sequence, f.head || n.sequence || f.tail,
             f.occurred_at, ${now()}
        FROM fact f LEFT JOIN counted c USING (member_id),
             LATERAL (SELECT CASE WHEN f.member_id IS NULL THEN 0 ELSE c.before + f.nth END AS sequence) n
       ORDER BY f.nth, f.event_id
      RETURNING event_id, type, member_id, order_id
    )
    INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, member_id, order_id, format,
                          due_at, created_at)
    SELECT new_id('dlv'), ${tx.shopId}, s.subscription_id, r.event_id, r.type, r.member_id, r.order_id, s.format,
           now(), now()
      FROM recorded r JOIN subscription s
        ON s.shop_id = ${tx.shopId} AND s.state <> 'disabled' AND r.type = ANY (s.event_types)
    RETURNING subscription_id`;
  tx.unawaited(owed.then((lanes) => lanes.forEach(({ subscription_id: id }) => tx.lanes.add(id))));
}
