// Reads of the exports that were made for customers' data requests.
import type { ShopId } from "../loyalty/ids.ts";
import { now } from "../platform/clock.server.ts";
import { inShop } from "../platform/db.server.ts";

const EXPORTS_MAX = 100;

export type ExportRow = {
  readonly id: string;
  readonly customerId: string | null;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
};

/** The shop's exports that are still kept, newest first. */
export function listExports(shopId: ShopId): Promise<ExportRow[]> {
  return inShop(shopId, (tx) =>
    tx.db.dataExport.findMany({
      where: { shopId, expiresAt: { gt: now() } },
      select: { id: true, customerId: true, requestedAt: true, expiresAt: true },
      orderBy: { requestedAt: "desc" },
      take: EXPORTS_MAX,
    }),
  );
}

/** What one export holds; null where the shop has none of this id, or it is no longer kept. */
export async function exportContent(shopId: ShopId, exportId: string): Promise<unknown> {
  const found = await inShop(shopId, (tx) =>
    tx.db.dataExport.findFirst({
      where: { shopId, id: exportId, expiresAt: { gt: now() } },
      select: { content: true },
    }),
  );
  return found?.content ?? null;
}
