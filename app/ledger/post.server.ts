// The only writer of entries, lots, allocations and a member's point columns: one statement for one entry.
import type { ShopTx } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";
import type { Member } from "../members/member.ts";
import { accountAfter } from "./entry.ts";
import type { Entry, Posted } from "./entry.ts";

/**
 * Posts `entry` to a member whose lock the caller holds, and answers with the member afterwards. A source that was
 * posted before breaks the transaction (unique per shop), as does a lot that no longer holds what is taken from it.
 */
export function post(tx: ShopTx, member: Member, entry: Entry): Posted {
  const after = accountAfter(member, entry);
  const applied: Entry = { ...entry, qualifying: after.lifetimePoints - member.lifetimePoints };
  const entryId = newId("ent");
  const lotId = entry.lot ? newId("lot") : null;
  const written = writeEntry(tx, { memberId: member.id, entryId, lotId, entry: applied, after });
  tx.unawaited(written.then((members) => demandOne(members, entry.source)));
  return { entryId, lotId, entry: applied, member: { ...member, ...after } };
}

function demandOne(members: number, source: string): void {
  if (members !== 1) throw new Error(`Entry ${source} found no member`);
}

type Written = {
  memberId: string;
  entryId: string;
  lotId: string | null;
  entry: Entry;
  after: ReturnType<typeof accountAfter>;
};

// The member's lock makes the position safe. A lot that would fall below zero fails its CHECK and with it everything.
async function writeEntry(tx: ShopTx, { memberId, entryId, lotId, entry, after }: Written): Promise<number> {
  const { shopId } = tx;
  return tx.db.$executeRaw`
    WITH written AS (
      INSERT INTO ledger_entry (entry_id, shop_id, member_id, kind, points, qualifying, shortfall, source, order_id,
        actor, reason, basis, balance_after, position, occurred_at, recorded_at)
      VALUES (${entryId}, ${shopId}, ${memberId}, ${entry.kind}, ${entry.points}, ${entry.qualifying},
        ${entry.shortfall}, ${entry.source}, ${entry.orderId}, ${entry.actor}, ${entry.reason},
        ${JSON.stringify(entry.basis)}::jsonb, ${after.balance},
        1 + coalesce((SELECT max(position) FROM ledger_entry WHERE member_id = ${memberId}), 0),
        ${entry.occurredAt}, now())
    ), opened AS (
      INSERT INTO lot (lot_id, shop_id, member_id, entry_id, order_id, points, remaining, available_at, expires_at,
        created_at)
      SELECT ${lotId}, ${shopId}, ${memberId}, ${entryId}, ${entry.orderId}, ${entry.lot?.points ?? 0}::int,
        ${entry.lot?.points ?? 0}::int, ${entry.lot?.availableAt ?? null}::timestamptz,
        ${entry.lot?.expiresAt ?? null}::timestamptz, ${entry.occurredAt}::timestamptz
      WHERE ${entry.lot !== null}::boolean
    ), taken AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(entry.takes)}::jsonb) AS take("lotId" text, points int)
    ), allocated AS (
      INSERT INTO allocation (shop_id, entry_id, lot_id, points)
      SELECT ${shopId}, ${entryId}, taken."lotId", taken.points FROM taken
    ), emptied AS (
      UPDATE lot SET remaining = lot.remaining - taken.points FROM taken
      WHERE lot.shop_id = ${shopId} AND lot.lot_id = taken."lotId"
    )
    UPDATE member SET balance = ${after.balance}, owed = ${after.owed}, lifetime_points = ${after.lifetimePoints},
      last_activity_at = greatest(last_activity_at, ${entry.occurredAt})
    WHERE shop_id = ${shopId} AND member_id = ${memberId}`;
}
