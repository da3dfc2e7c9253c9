// Notices that the merchant should see: still open ones, newest first.
import type { ShopTx } from "../platform/db.server.ts";

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
