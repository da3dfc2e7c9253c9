// Tells the merchant once when deliveries pause because of the plan, and takes it back when they go on.
import type { ShopTx } from "../platform/db.server.ts";
import { newId } from "../platform/ids.server.ts";
import type { Standing } from "./plans.ts";
import { allows } from "./plans.ts";

/** The kind of the notice; its details are `{ plan, planStatus }`. */
export const DELIVERIES_PAUSED = "plan.deliveries_paused";
const SUBJECT = "plan";

/** Opens or resolves the notice; nothing is opened in a shop without a subscription that would send. */
export async function tellOfDeliveries(tx: ShopTx, standing: Standing, at: Date): Promise<void> {
  if (allows(standing, "webhooks")) {
    await tx.db.$executeRaw`
      UPDATE notice SET resolved_at = ${at}
      WHERE shop_id = ${tx.shopId} AND kind = ${DELIVERIES_PAUSED} AND resolved_at IS NULL`;
    return;
  }
  const details = JSON.stringify({ plan: standing.plan, planStatus: standing.planStatus });
  await tx.db.$executeRaw`
    INSERT INTO notice (notice_id, shop_id, kind, subject_id, details, opened_at)
    SELECT ${newId("ntc")}, ${tx.shopId}, ${DELIVERIES_PAUSED}, ${SUBJECT}, ${details}::jsonb, ${at}
    WHERE EXISTS (SELECT FROM subscription WHERE shop_id = ${tx.shopId} AND state <> 'disabled')
      AND NOT EXISTS (SELECT FROM notice WHERE shop_id = ${tx.shopId} AND kind = ${DELIVERIES_PAUSED}
                        AND resolved_at IS NULL)`;
}
