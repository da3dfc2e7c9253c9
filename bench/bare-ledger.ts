// The limit that the order bench is measured against: the same ledger statements in a bare `pg` loop, nothing else.
import type pg from "pg";

const PREFIX = "bare";

/** One order as statements: receipt and order row, member lock, entry with lot and balance, order, event. */
export async function postBare(
  client: pg.PoolClient,
  shop: string,
  order: { id: string; customerId: string },
): Promise<void> {
  const { id, customerId } = order;
  await client.query("BEGIN");
  await client.query("SELECT set_config('laurel.shop_id', $1, true)", [shop]);
  await client.query(
    `WITH r AS (INSERT INTO receipt VALUES ($1, $2, 'orders/paid', 'x', now()) ON CONFLICT DO NOTHING RETURNING 1)
     INSERT INTO "order" (shop_id, order_id, facts, recorded_at, changed_at) SELECT $1, $3, '{}', now(), now() FROM r
     ON CONFLICT (shop_id, order_id) DO UPDATE SET changed_at = now()`,
    [shop, `${PREFIX}-${id}`, id],
  );
  const { rows } = await client.query<{ member_id: string }>(
    "SELECT member_id FROM member WHERE shop_id = $1 AND customer_id = $2 FOR UPDATE",
    [shop, customerId],
  );
  const member = rows[0]?.member_id;
  await client.query(
    `WITH e AS (INSERT INTO ledger_entry (entry_id, shop_id, member_id, kind, points, qualifying, source, order_id, actor,
         basis, balance_after, position, occurred_at, recorded_at)
       VALUES ($1, $2, $3, 'earn', 50, 50, $4, $5, 'bench', '{}', 0,
         1 + coalesce((SELECT max(position) FROM ledger_entry WHERE member_id = $3), 0), now(), now())),
     l AS (INSERT INTO lot (lot_id, shop_id, member_id, entry_id, order_id, points, remaining, created_at)
       VALUES ($6, $2, $3, $1, $5, 50, 50, now()))
     UPDATE member SET balance = balance + 50, lifetime_points = lifetime_points + 50, sequence = sequence + 1
     WHERE shop_id = $2 AND member_id = $3`,
    [`ent_${PREFIX}_${id}`, shop, member, `${PREFIX}:${id}`, id, `lot_${PREFIX}_${id}`],
  );
  await client.query(
    'UPDATE "order" SET member_id = $3, posted_points = 50 WHERE shop_id = $1 AND order_id = $2',
    [shop, id, member],
  );
  await client.query(
    `INSERT INTO event (event_id, shop_id, member_id, order_id, type, sequence, body, occurred_at, recorded_at)
     VALUES ($1, $2, $3, $4, 'points.earned', 0, '{}', now(), now())`,
    [`evt_${PREFIX}_${id}`, shop, member, id],
  );
  await client.query("COMMIT");
}
