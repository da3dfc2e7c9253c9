// Reads the lots that points can be taken from, of a member whose lock the caller holds.
import type { LotState } from "../loyalty/lots.ts";
import type { ShopTx } from "../platform/db.server.ts";

export type LotRow = LotState & { readonly entryId: string; readonly orderId: string | null };

/** The member's available, unexpired lots that hold something, and every lot of `orderId`, however empty. */
export async function lotsOf(
  tx: ShopTx,
  memberId: string,
  at: Date,
  orderId: string | null = null,
): Promise<readonly LotRow[]> {
  const rows = await tx.db.$queryRaw<
    (Omit<LotRow, "expiresAt" | "createdAt"> & { expiresAt: Date | null; createdAt: Date })[]
  >`
    SELECT lot_id AS id, entry_id AS "entryId", order_id AS "orderId", remaining, expires_at AS "expiresAt",
      created_at AS "createdAt"
    FROM lot
    WHERE shop_id = ${tx.shopId} AND member_id = ${memberId}
      AND (order_id = ${orderId} OR (remaining > 0 AND available_at <= ${at} AND (expires_at IS NULL OR expires_at > ${at})))`;
  return rows.map((row) => ({
    ...row,
    expiresAt: row.expiresAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  }));
}
