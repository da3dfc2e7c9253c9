// What an order's page shows.
import type { ShopId } from "../loyalty/ids.ts";
import type { Tier } from "../loyalty/program.ts";
import { orderById } from "../orders/queries.server.ts";
import type { OrderRow } from "../orders/queries.server.ts";
import { inShop } from "../platform/db.server.ts";
import { currentProgram } from "../program/load.server.ts";

/** The order with the tiers that its record names; null where the shop has no such order. */
export function readOrderPage(
  shopId: ShopId,
  orderId: string,
): Promise<{ order: OrderRow; tiers: readonly Tier[] } | null> {
  return inShop(shopId, async (tx) => {
    const order = await orderById(tx, orderId);
    return order === null ? null : { order, tiers: (await currentProgram(tx)).settings.tiers };
  });
}
