// What one would write first: a BullMQ job for each delivery, which reads it, signs, posts, and keeps one attempt.
import { Pool } from "undici";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { openWorker, queue } from "../../app/platform/queue.server.ts";
import { openKeys } from "../../app/webhooks/prepare.server.ts";
import { signedHeaders } from "../../app/webhooks/signature.server.ts";

const AT_ONCE = 32;
const BULK = 1_000;
type Job = { shopId: ShopId; deliveryId: string };

/** Sends what the shops are owed, job by job; deliveries a second. */
export async function plainWay(shops: readonly ShopId[], url: string): Promise<number> {
  const jobs: Job[] = [];
  for (const shopId of shops) {
    const where = { shopId, state: "pending" };
    const rows = await inShop(shopId, (tx) => tx.db.delivery.findMany({ where, select: { id: true } }));
    jobs.push(...rows.map(({ id }) => ({ shopId, deliveryId: id })));
  }
  const pool = new Pool(new URL(url).origin, { connections: AT_ONCE });
  for (let at = 0; at < jobs.length; at += BULK) {
    await queue("chores").addBulk(jobs.slice(at, at + BULK).map((data) => ({ name: "plain", data })));
  }
  const started = performance.now();
  let done = 0;
  await new Promise<void>((finished) => {
    const worker = openWorker(
      "chores",
      async (job) => {
        await deliver(pool, job.data as Job);
        done += 1;
        if (done === jobs.length) void worker.close().then(finished);
      },
      { concurrency: AT_ONCE },
    );
  });
  await pool.close();
  return (jobs.length / (performance.now() - started)) * 1000;
}

async function deliver(pool: Pool, { shopId, deliveryId }: Job): Promise<void> {
  const found = await inShop(shopId, async (tx) => {
    const delivery = await tx.db.delivery.findUniqueOrThrow({ where: { id: deliveryId, shopId } });
    const event = await tx.db.event.findUniqueOrThrow({ where: { id: delivery.eventId, shopId } });
    const where = { id: delivery.subscriptionId, shopId };
    return { delivery, event, subscription: await tx.db.subscription.findUniqueOrThrow({ where }) };
  });
  const { id: subscriptionId, secret, url } = found.subscription;
  const keys = openKeys({ shop_id: shopId, subscription_id: subscriptionId, secret, next_secret: null });
  if (keys === null) throw new Error("a secret cannot be opened");
  const body = Buffer.from(found.event.body ?? "", "utf8");
  const startedAt = now();
  const message = { id: found.event.id, type: found.event.type, attempt: 1, body, at: startedAt };
  const path = new URL(url).pathname;
  const answer = await pool.request({ path, method: "POST", headers: signedHeaders(keys, message), body });
  const text = await answer.body.text();
  const attempt = { shopId, deliveryId, number: 1, subscriptionId, startedAt, durationMs: 1 };
  await inShop(shopId, async (tx) => {
    await tx.db.attempt.create({ data: { ...attempt, status: answer.statusCode, answer: text } });
    const settled = { state: "delivered", attempts: 1, settledAt: now() };
    await tx.db.delivery.update({ where: { id: deliveryId, shopId }, data: settled });
  });
}
