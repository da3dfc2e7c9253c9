// "Send again all that failed since": the count before, the progress after, stopping, and what goes on without the page.
import { describe, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import {
  continueReplays,
  countFailedSince,
  newestReplay,
  REPLAY_BATCH,
  startReplay,
  stopReplay,
} from "../../app/webhooks/replay-since.server.ts";
import type { FailedSince, ReplayView } from "../../app/webhooks/replay-since.server.ts";
import { replayOne } from "../../app/webhooks/replay.server.ts";
import { switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import { doRound } from "../../app/worker/upkeep.server.ts";
import "../support/database.ts";
import {
  deliveriesOf,
  endpoint,
  engine,
  eventually,
  growthShop,
  owe,
  statesOf,
  subscribe,
} from "./shop-with-endpoint.ts";

/** A shop with so many deliveries that failed long ago and were given up. */
async function failed(
  count: number,
  url = "http://127.0.0.1:9/",
): Promise<{ shopId: ShopId; id: string; which: FailedSince }> {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, url);
  await owe(shopId, count);
  await inShop(
    shopId,
    (tx) => tx.db
      .$executeRaw`UPDATE delivery SET state = 'failed', settled_at = now() - interval '1 hour', attempts = 2, claims = 2, step = 2,
      created_at = now() - interval '2 hours' WHERE shop_id = ${shopId}`,
  );
  return { shopId, id, which: { subscriptionId: id, since: new Date(0) } };
}
function begun(result: Awaited<ReturnType<typeof startReplay>>): ReplayView {
  if (!result.ok) throw new Error(result.refusal);
  return result.value;
}

describe("all that failed since a time", () => {
  test("are counted before and told apart after: delivered, tried again later, given up again", async () => {
    const receiver = await endpoint();
    const { shopId, id, which } = await failed(5, receiver.url);
    await inShop(
      shopId,
      (tx) => tx.db
        .$executeRaw`UPDATE delivery SET created_at = now() - interval '9 days' WHERE delivery_id IN
        (SELECT delivery_id FROM delivery WHERE shop_id = ${shopId} ORDER BY delivery_id LIMIT 1)`,
    );
    const since = new Date(Date.now() - 3 * 86_400_000);
    expect(await countFailedSince(shopId, { subscriptionId: id, since })).toBe(4);
    expect(await countFailedSince(shopId, which)).toBe(5);
    receiver.nextAnswers({ status: 500 }, { status: 500 });
    expect(begun(await startReplay(shopId, { subscriptionId: id, since }))).toMatchObject({
      total: 4,
      taken: 4,
      waiting: 4,
      state: "taken",
    });
    engine({ schedule: [0.05] });
    await eventually(async () =>
      expect(await newestReplay(shopId, id)).toMatchObject({ waiting: 0, retrying: 0, delivered: 4 }),
    );
    expect(await statesOf(shopId)).toEqual({ failed: 1, delivered: 4 });
    const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
    expect(new Set(ids).size).toBe(4);
  });

  test("what fails anew is told, and not taken a second time by the same replay", async () => {
    const receiver = await endpoint();
    receiver.usualAnswer({ status: 500 });
    const { shopId, id, which } = await failed(3, receiver.url);
    begun(await startReplay(shopId, which));
    engine({ schedule: [0.05] });
    await eventually(async () =>
      expect(await newestReplay(shopId, id)).toMatchObject({ failed: 3, waiting: 0, retrying: 0 }),
    );
    expect(await continueReplays(shopId)).toEqual({ after: null, found: 0 });
    expect(await statesOf(shopId)).toEqual({ failed: 3 });
  });

  test("more than one batch go on without the page: a worker takes the rest", async () => {
    const { shopId, id, which } = await failed(REPLAY_BATCH * 2 + 10);
    const replay = begun(await startReplay(shopId, which));
    expect(replay).toMatchObject({ total: REPLAY_BATCH * 2 + 10, taken: REPLAY_BATCH, state: "running" });
    expect(await startReplay(shopId, which)).toMatchObject({ refusal: "replay_under_way" });
    await eventually(async () => {
      await doRound(new AbortController().signal);
      expect(await newestReplay(shopId, id)).toMatchObject({
        state: "taken",
        taken: REPLAY_BATCH * 2 + 10,
        left: 0,
      });
    });
    expect(await statesOf(shopId)).toEqual({ pending: REPLAY_BATCH * 2 + 10 });
  });

  test("stopped: no more are taken, and those that wait are as they were", async () => {
    const { shopId, id, which } = await failed(REPLAY_BATCH + 5);
    const before = await deliveriesOf(shopId);
    const replay = begun(await startReplay(shopId, which));
    expect(await stopReplay(shopId, replay.id)).toMatchObject({
      value: { state: "stopped", taken: REPLAY_BATCH, left: REPLAY_BATCH, waiting: 0, failed: 0 },
    });
    expect(await continueReplays(shopId)).toEqual({ after: null, found: 0 });
    expect(
      (await deliveriesOf(shopId)).map(({ state, attempts, reason }) => [state, attempts, reason]),
    ).toEqual(before.map(({ state, attempts, reason }) => [state, attempts, reason]));
    // And all of them can be sent again by another.
    expect(begun(await startReplay(shopId, which))).toMatchObject({ total: REPLAY_BATCH + 5 });
    expect(await newestReplay(shopId, id)).not.toMatchObject({ id: replay.id });
  });

  test("parked ones get their reason back when it is stopped", async () => {
    const { shopId, which } = await failed(1);
    await inShop(shopId, (tx) =>
      tx.db.delivery.updateMany({ where: { shopId }, data: { state: "parked", reason: "workers_died" } }),
    );
    const replay = begun(await startReplay(shopId, which));
    expect(await deliveriesOf(shopId)).toMatchObject([{ state: "pending", reason: null }]);
    await stopReplay(shopId, replay.id);
    expect(await deliveriesOf(shopId)).toMatchObject([{ state: "parked", reason: "workers_died" }]);
  });

  test("nothing of a subscription that is not enabled, or of another shop, is counted or taken", async () => {
    const { shopId, id, which } = await failed(2);
    const other = await growthShop();
    expect(await countFailedSince(other, which)).toBe(0);
    expect(await startReplay(other, which)).toMatchObject({ refusal: "subscription_unknown" });
    await switchSubscription(shopId, id, "paused");
    expect(await countFailedSince(shopId, which)).toBe(0);
    expect(begun(await startReplay(shopId, which))).toMatchObject({ total: 0, taken: 0, state: "taken" });
    expect(await stopReplay(other, "rpl_none")).toMatchObject({ refusal: "replay_unknown" });
  });

  test("one that is over is not stopped: what it did stays as it was told", async () => {
    const receiver = await endpoint();
    const { shopId, id, which } = await failed(2, receiver.url);
    const replay = begun(await startReplay(shopId, which));
    expect(replay).toMatchObject({ stoppable: true });
    engine();
    await eventually(async () =>
      expect(await newestReplay(shopId, id)).toMatchObject({ delivered: 2, stoppable: false }),
    );
    const before = await newestReplay(shopId, id);
    expect(await stopReplay(shopId, replay.id)).toMatchObject({ refusal: "replay_ended" });
    expect(await newestReplay(shopId, id)).toEqual(before);
  });

  test("stopping an older one leaves what a newer one or somebody's hand has sent again since", async () => {
    const { shopId, id, which } = await failed(3);
    const older = begun(await startReplay(shopId, which));
    const [one, two] = await inShop(shopId, (tx) => tx.db.delivery.findMany({ orderBy: { id: "asc" } }));
    // One of them was tried and given up, and the newer replay took it.
    await inShop(shopId, (tx) =>
      tx.db.delivery.updateMany({
        where: { id: one?.id ?? "" },
        data: { state: "failed", settledAt: now() },
      }),
    );
    const newer = begun(await startReplay(shopId, which));
    expect(newer).toMatchObject({ taken: 1 });
    expect(await replayOne(shopId, two?.id ?? "")).toMatchObject({ ok: true });
    expect(await stopReplay(shopId, older.id)).toMatchObject({ value: { state: "stopped", left: 1 } });
    expect(await statesOf(shopId)).toEqual({ failed: 1, pending: 2 });
    expect(await stopReplay(shopId, older.id)).toMatchObject({ refusal: "replay_ended" });
    expect(await stopReplay(shopId, newer.id)).toMatchObject({ value: { state: "stopped", left: 1 } });
    expect(await statesOf(shopId)).toEqual({ failed: 2, pending: 1 });
    expect(await newestReplay(shopId, id)).toMatchObject({ id: newer.id, stoppable: false });
  });

  test("one of all subscriptions and one of a single one do not take at the same time", async () => {
    const { shopId, which } = await failed(REPLAY_BATCH + 1);
    const all = { ...which, subscriptionId: null };
    const first = begun(await startReplay(shopId, which));
    expect(await startReplay(shopId, all)).toMatchObject({ refusal: "replay_under_way" });
    await stopReplay(shopId, first.id);
    begun(await startReplay(shopId, all));
    expect(await startReplay(shopId, which)).toMatchObject({ refusal: "replay_under_way" });
  });

  test("two who ask at once begin one", async () => {
    const { shopId, which } = await failed(REPLAY_BATCH + 1);
    const both = await Promise.all([startReplay(shopId, which), startReplay(shopId, which)]);
    expect(both.map((one) => (one.ok ? "begun" : one.refusal)).sort()).toEqual(["begun", "replay_under_way"]);
  });
});
