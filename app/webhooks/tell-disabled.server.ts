// Makes an event of each subscription that Laurel disabled, from the notice that settle_deliveries() opened.
import type { EventData } from "../events/catalogue.ts";
import { record } from "../events/record.server.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { Step } from "../platform/upkeep.server.ts";

/** Far more than a shop has subscriptions; what is left is the next step's. */
const BATCH = 100;

type Untold = {
  subject: string;
  reason: EventData<"webhook.disabled">["reason"];
  url: string;
  openedAt: Date;
};

/**
 * For the worker: records what the shop's notices have not told yet. Marked in the same transaction, so each is told
 * once, whoever asks at the same time and whatever dies.
 */
export function tellDisabled(shopId: ShopId): Promise<Step> {
  return inShop(shopId, async (tx) => {
    const untold = await tx.db.$queryRaw<Untold[]>`
      UPDATE notice SET told_at = now() WHERE shop_id = ${shopId} AND notice_id = ANY (ARRAY(
        SELECT notice_id FROM notice WHERE shop_id = ${shopId} AND kind = 'webhooks.disabled' AND told_at IS NULL
         ORDER BY opened_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED))
      RETURNING subject_id AS subject, details->>'reason' AS reason, details->>'url' AS url, opened_at AS "openedAt"`;
    for (const { subject, reason, url, openedAt } of untold) {
      const data = { subscription_id: subject, host: URL.parse(url)?.host ?? "", reason };
      record(tx, { type: "webhook.disabled", memberId: null, occurredAt: openedAt, data });
    }
    return { after: untold.length === BATCH ? "more" : null, found: untold.length };
  });
}
