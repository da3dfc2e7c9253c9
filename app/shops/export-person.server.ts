// What customers/data_request does: all that is held of a customer, put together for the merchant and kept thirty days.
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";
import { log } from "../platform/log.server.ts";
import type { Inbound } from "../shopify/inbound.server.ts";
import { personFrom, shopNamedBy } from "../shopify/shop-life.ts";
import { findPerson } from "./find-person.server.ts";
import type { Found } from "./find-person.server.ts";

export const EXPORT_KEPT_MS = 30 * 24 * 60 * 60 * 1000;
/** Rows of one kind in an export; a person with more has the newest. */
export const EXPORT_ROWS_MAX = 20_000;

/**
 * Puts a customer's data together under the request's id. Refuses a body that names nobody or not this shop, and an
 * unknown shop. The same request twice makes one export.
 */
export async function exportPerson(inbound: Inbound): Promise<Result<null>> {
  const { shop, body, webhookId, at } = inbound;
  if (shopNamedBy(body) !== shop) return refuse("shop_named_otherwise");
  const person = personFrom(body);
  if (!person.ok) return person;
  const { customerId, requestId } = person.value;
  return inShop(shop, async (tx) => {
    if ((await tx.db.shop.count({ where: { id: tx.shopId } })) === 0) return refuse("shop_unknown");
    const content = await contentOf(tx, await findPerson(tx, person.value));
    const expiresAt = new Date(at.getTime() + EXPORT_KEPT_MS);
    await tx.db.$executeRaw`
      INSERT INTO data_export (data_export_id, shop_id, customer_id, request_id, content, requested_at, expires_at)
      VALUES (${newId("exp")}, ${tx.shopId}, ${customerId}, ${requestId ?? webhookId}, ${content}::jsonb, ${at},
              ${expiresAt})
      ON CONFLICT (shop_id, request_id) DO NOTHING`;
    log.info("export.made", { shop: tx.shopId, request: requestId ?? webhookId });
    return accept(null);
  });
}

/** One statement, so that everything in it is of one moment. JSON text. */
async function contentOf(tx: ShopTx, { memberIds, orderIds }: Found): Promise<string> {
  const members = [...memberIds];
  const orders = [...orderIds];
  const [row] = await tx.db.$queryRaw<{ content: string }[]>`
    WITH members AS (
      SELECT * FROM member WHERE shop_id = ${tx.shopId} AND member_id = ANY (${members}::text[])
    ), entries AS (
      SELECT * FROM ledger_entry WHERE shop_id = ${tx.shopId} AND member_id = ANY (${members}::text[])
       ORDER BY recorded_at DESC LIMIT ${EXPORT_ROWS_MAX}
    ), lots AS (
      SELECT * FROM lot WHERE shop_id = ${tx.shopId} AND member_id = ANY (${members}::text[])
       ORDER BY created_at DESC LIMIT ${EXPORT_ROWS_MAX}
    ), changes AS (
      SELECT * FROM tier_change WHERE shop_id = ${tx.shopId} AND member_id = ANY (${members}::text[])
       ORDER BY occurred_at DESC LIMIT ${EXPORT_ROWS_MAX}
    ), orders AS (
      SELECT * FROM "order" WHERE shop_id = ${tx.shopId} AND order_id = ANY (${orders}::text[])
       ORDER BY recorded_at DESC LIMIT ${EXPORT_ROWS_MAX}
    ), told AS (
      SELECT event_id, type, body, occurred_at FROM event
       WHERE shop_id = ${tx.shopId}
         AND (member_id = ANY (${members}::text[]) OR order_id = ANY (${orders}::text[]))
       ORDER BY recorded_at DESC LIMIT ${EXPORT_ROWS_MAX}
    )
    SELECT jsonb_build_object(
      'members', coalesce((SELECT jsonb_agg(to_jsonb(m)) FROM members m), '[]'),
      'ledger_entries', coalesce((SELECT jsonb_agg(to_jsonb(e)) FROM entries e), '[]'),
      'lots', coalesce((SELECT jsonb_agg(to_jsonb(l)) FROM lots l), '[]'),
      'tier_changes', coalesce((SELECT jsonb_agg(to_jsonb(c)) FROM changes c), '[]'),
      'orders', coalesce((SELECT jsonb_agg(to_jsonb(o)) FROM orders o), '[]'),
      'events', coalesce((SELECT jsonb_agg(to_jsonb(t)) FROM told t), '[]'))::text AS content`;
  if (row === undefined) throw new Error("An export came back without a row");
  return row.content;
}
