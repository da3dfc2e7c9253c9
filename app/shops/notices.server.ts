// Notices that the merchant should see: opened once, shown while they are open, resolved by who opened them.
import type { ShopTx } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";

const NOTICES_MAX = 20;

export type OpenNotice = {
  readonly id: string;
  /** `plan.below_growth`, `webhooks.disabled`, … */
  readonly kind: string;
  /** What it is about: a subscription's id, for one. */
  readonly subjectId: string;
  readonly openedAt: Date;
};

/** The shop's open notices. */
export function openNotices(tx: ShopTx): Promise<OpenNotice[]> {
  return tx.db.notice.findMany({
    where: { shopId: tx.shopId, resolvedAt: null },
    select: { id: true, kind: true, subjectId: true, openedAt: true },
    orderBy: { openedAt: "desc" },
    take: NOTICES_MAX,
  });
}

type NewNotice = Pick<OpenNotice, "kind" | "subjectId"> & { details: Record<string, unknown>; at: Date };

/** Opens a notice; nothing where the same is open already. */
export async function openNotice(tx: ShopTx, { kind, subjectId, details, at }: NewNotice): Promise<void> {
  await tx.db.$executeRaw`
    INSERT INTO notice (notice_id, shop_id, kind, subject_id, details, opened_at)
    SELECT ${newId("ntc")}, ${tx.shopId}, ${kind}, ${subjectId}, ${JSON.stringify(details)}::jsonb, ${at}
    WHERE NOT EXISTS (SELECT FROM notice WHERE shop_id = ${tx.shopId} AND kind = ${kind}
      AND subject_id = ${subjectId} AND resolved_at IS NULL)`;
}

/** Resolves the shop's open notices of these kinds. */
export async function resolveNotices(tx: ShopTx, kinds: readonly string[], at: Date): Promise<void> {
  await tx.db.$executeRaw`
    UPDATE notice SET resolved_at = ${at}
    WHERE shop_id = ${tx.shopId} AND kind = ANY (${[...kinds]}::text[]) AND resolved_at IS NULL`;
}
