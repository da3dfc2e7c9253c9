// What customers/redact does: nothing personal of a customer stays anywhere; the ledger stays without it.
import { record } from "../events/record.server.ts";
import type { Result } from "../loyalty/refusal.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Inbound } from "../shopify/inbound.server.ts";
import { personFrom, shopNamedBy } from "../shopify/shop-life.ts";
import { findPerson } from "./find-person.server.ts";
import type { Found } from "./find-person.server.ts";

const REASON = "redacted";

/**
 * Takes everything personal of a customer away, in one transaction. Refuses a body that names nobody or not
 * this shop, and an unknown shop. Safe to repeat.
 */
export async function redactPerson({ shop, body, at }: Inbound): Promise<Result<null>> {
  if (shopNamedBy(body) !== shop) return refuse("shop_named_otherwise");
  const person = personFrom(body);
  if (!person.ok) return person;
  return inShop(shop, async (tx) => {
    if ((await tx.db.shop.count({ where: { id: tx.shopId } })) === 0) return refuse("shop_unknown");
    const found = await findPerson(tx, person.value);
    // Lifts the triggers that keep facts from being changed, in this transaction only.
    await tx.db.$queryRaw`SELECT set_config('laurel.erasing', 'on', true)`;
    await redactOrders(tx, found);
    await redactMembers(tx, found, at);
    await redactWhatWasTold(tx, found);
    await redactCopies(tx, found);
    log.info("person.redacted", { shop, members: found.memberIds.length, orders: found.orderIds.length });
    return accept(null);
  });
}

// Orders before members, as everywhere.
async function redactOrders(tx: ShopTx, { orderIds, customerIds, emails }: Found): Promise<void> {
  await tx.db.$executeRaw`
    UPDATE "order" SET guest_email = NULL, customer_id = NULL,
      facts = jsonb_set(jsonb_set(facts, '{customer}', 'null'), '{state}', CASE jsonb_typeof(facts->'state')
        WHEN 'object' THEN facts->'state' || '{"customer": null}' ELSE 'null' END)
    WHERE shop_id = ${tx.shopId} AND (order_id = ANY (${[...orderIds]}::text[])
      OR customer_id = ANY (${[...customerIds]}::text[]) OR guest_email = ANY (${[...emails]}::text[]))`;
}

// A note that somebody wrote by hand may name anybody. Systems that hold copies are told which member to forget.
async function redactMembers(tx: ShopTx, { memberIds, customerIds }: Found, at: Date): Promise<void> {
  const members = [...memberIds];
  const active = await tx.db.$queryRaw<{ id: string; balance: number }[]>`
    SELECT member_id AS id, balance FROM member
    WHERE shop_id = ${tx.shopId} AND member_id = ANY (${members}::text[]) AND state <> 'redacted'
    ORDER BY member_id FOR UPDATE`;
  for (const { id, balance } of active) {
    const data = {
      shopify_customer_id: "",
      email: null,
      member_id: id,
      reason: REASON,
      actor: "shopify",
      points_forfeited: Math.max(0, balance),
      merged_into: null,
    } as const;
    record(tx, { type: "member.deactivated", memberId: id, occurredAt: at, data });
  }
  await tx.db.$executeRaw`
    UPDATE member SET customer_id = NULL, merged_into = NULL, email = NULL, email_verified = false, first_name = NULL,
      last_name = NULL, phone = NULL, locale = NULL, state = 'redacted'
    WHERE shop_id = ${tx.shopId} AND member_id = ANY (${members}::text[])`;
  await tx.db.$executeRaw`
    UPDATE member SET merged_into = NULL
    WHERE shop_id = ${tx.shopId} AND merged_into = ANY (${[...customerIds]}::text[])`;
  await tx.db.$executeRaw`
    UPDATE ledger_entry SET reason = NULL
    WHERE shop_id = ${tx.shopId} AND member_id = ANY (${members}::text[]) AND kind = 'adjust' AND reason IS NOT NULL`;
}

// Bodies of events, deliveries that would still carry them, and what endpoints answered to them. A delivery under way
// loses its lease, so that an answer which is still to come is stale and never kept. Deliveries are locked in the order in
// which settling locks them.
async function redactWhatWasTold(tx: ShopTx, { memberIds, orderIds }: Found): Promise<void> {
  const stopped = await tx.db.$queryRaw<{ id: string }[]>`
    WITH told AS (
      UPDATE event SET body = NULL
       WHERE shop_id = ${tx.shopId} AND (member_id = ANY (${[...memberIds]}::text[])
         OR order_id = ANY (${[...orderIds]}::text[]))
      RETURNING event_id
    ), owing AS MATERIALIZED (
      SELECT d.delivery_id FROM delivery d
       WHERE d.shop_id = ${tx.shopId} AND d.event_id IN (SELECT event_id FROM told) ORDER BY d.delivery_id FOR UPDATE
    )
    UPDATE delivery d SET lease = NULL, leased_until = NULL,
      state = CASE WHEN d.state IN ('pending', 'parked') THEN 'cancelled' ELSE d.state END,
      reason = CASE WHEN d.state IN ('pending', 'parked') THEN ${REASON} ELSE d.reason END,
      settled_at = coalesce(d.settled_at, now())
      FROM owing WHERE d.shop_id = ${tx.shopId} AND d.delivery_id = owing.delivery_id
    RETURNING d.delivery_id AS id`;
  // A statement of its own: it sees what was settled while the one before waited for a delivery.
  await tx.db.$executeRaw`
    UPDATE attempt SET answer = NULL, answer_headers = NULL
    WHERE shop_id = ${tx.shopId} AND delivery_id = ANY (${stopped.map(({ id }) => id)}::text[])`;
}

// Exports of the person; and answers of the API that are kept for a day, where they name the person. Looked for in
// quotes, as JSON has them, and as JSON within JSON has them: another's longer address may end in this one.
async function redactCopies(tx: ShopTx, { memberIds, customerIds, emails }: Found): Promise<void> {
  const addresses = emails.flatMap((email) => [JSON.stringify(email), quotedTwice(email)]);
  await tx.db.$executeRaw`
    DELETE FROM data_export
    WHERE shop_id = ${tx.shopId} AND (customer_id = ANY (${[...customerIds]}::text[])
      OR EXISTS (SELECT FROM unnest(${addresses}::text[]) AS w (word) WHERE position(w.word IN content::text) > 0))`;
  const words = [...memberIds, ...customerIds, ...emails].map((word) => JSON.stringify(word));
  await tx.db.$executeRaw`
    DELETE FROM idempotent_answer
    WHERE shop_id = ${tx.shopId}
      AND EXISTS (SELECT FROM unnest(${words}::text[]) AS w (word) WHERE position(w.word IN coalesce(body, '')) > 0)`;
}

const quotedTwice = (text: string) => JSON.stringify(JSON.stringify(text)).slice(1, -1);
