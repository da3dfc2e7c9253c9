// Tells the merchant once when deliveries pause because of the plan, and takes it back when they go on.
import type { ShopTx } from "../platform/db.server.ts";
import { openNotice, resolveNotices } from "./notices.server.ts";
import type { Standing } from "./plans.ts";
import { allows } from "./plans.ts";

/** Deliveries pause: the plan does not have them, or its bill is unpaid. Details: `{ plan, planStatus }`. */
export type PlanNotice = "plan.below_growth" | "plan.frozen";
const ALL: readonly PlanNotice[] = ["plan.below_growth", "plan.frozen"];
const SUBJECT = "plan";

function noticeOf(standing: Standing): PlanNotice | null {
  if (allows(standing, "webhooks")) return null;
  return standing.planStatus === "frozen" ? "plan.frozen" : "plan.below_growth";
}

/**
 * Opens the notice that fits and resolves the others; where deliveries may go on, their lanes are rung after COMMIT.
 * Nothing is opened in a shop without a subscription that would send.
 */
export async function tellOfDeliveries(tx: ShopTx, standing: Standing, at: Date): Promise<void> {
  const kind = noticeOf(standing);
  const over = ALL.filter((other) => other !== kind);
  await resolveNotices(tx, over, at);
  if (kind === null) return ringLanes(tx);
  const sending = await tx.db.subscription.count({
    where: { shopId: tx.shopId, state: { not: "disabled" } },
  });
  if (sending === 0) return;
  const { plan, planStatus } = standing;
  await openNotice(tx, { kind, subjectId: SUBJECT, details: { plan, planStatus }, at });
}

async function ringLanes(tx: ShopTx): Promise<void> {
  const enabled = await tx.db.$queryRaw<{ id: string }[]>`
    SELECT subscription_id AS id FROM subscription WHERE shop_id = ${tx.shopId} AND state = 'enabled'`;
  for (const { id } of enabled) tx.lanes.add(id);
}
