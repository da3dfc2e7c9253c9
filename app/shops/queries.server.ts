// Reads a shop.
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import type { PlanName, PlanStatus } from "./plans.ts";
import type { Shop } from "./shop.ts";

/** The transaction's shop; null where Laurel was never installed in it, or all of it was erased. */
export async function shopOf(tx: ShopTx): Promise<Shop | null> {
  const row = await tx.db.shop.findUnique({ where: { id: tx.shopId } });
  if (row === null) return null;
  // The table's CHECKs hold both to these words.
  const { plan, planStatus } = row as { plan: PlanName; planStatus: PlanStatus };
  return { ...row, id: tx.shopId, plan, planStatus };
}

/** The shop, in a transaction of its own. */
export function findShop(shopId: ShopId): Promise<Shop | null> {
  return inShop(shopId, shopOf);
}
