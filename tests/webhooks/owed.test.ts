// Owed and pending are the same deliveries, due at the same times and held for as long, whoever changed them.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import type { Claimed } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { replaySelected } from "../../app/webhooks/replay.server.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import type { Outcome } from "../../app/webhooks/settle.server.ts";
import { stopSending } from "../../app/webhooks/stop-sending.server.ts";
import { deleteSubscription, switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import "../support/database.ts";
import { growthShop, owe, subscribe } from "./shop-with-endpoint.ts";

type Scene = { shopId: ShopId; lane: string; held: Claimed[] };

const ended = { st: 200, er: null, ms: 1, at: 1_800_000_000_000, an: "", ah: {} };
const settleAs = (more: Partial<Outcome> & { v: Outcome["v"] }) => async (scene: Scene) => {
  const outcomes = scene.held
    .splice(0, 2)
    .map(({ delivery_id: d, lease: l }) => ({ d, l, ...ended, ...more }));
  await settleDeliveries(outcomes, { ...LANE_POLICY, breaker_after: 1_000 });
};

/** Everything that makes a delivery pending, or no longer, or due at another time. */
const DEEDS: Readonly<Record<string, (scene: Scene) => Promise<unknown>>> = {
  owe: ({ shopId }) => owe(shopId, 3),
  claim: async (scene) => scene.held.push(...(await claimDeliveries([{ s: scene.lane, n: 2 }], 60_000))),
  claimBriefly: async (scene) => scene.held.push(...(await claimDeliveries([{ s: scene.lane, n: 1 }], 0))),
  deliver: settleAs({ v: "delivered" }),
  retryNow: settleAs({ v: "retry", nx: 0 }),
  retryLater: settleAs({ v: "retry", nx: 60_000, ra: 90_000 }),
  giveUp: settleAs({ v: "retry", nx: null }),
  park: settleAs({ v: "park", rs: "secret_unreadable" }),
  release: settleAs({ v: "release" }),
  replay: async ({ shopId }) => {
    const all = await inShop(shopId, (tx) => tx.db.delivery.findMany({ where: { shopId } }));
    await replaySelected(
      shopId,
      all.map(({ id }) => id),
    );
  },
  stop: async ({ shopId, lane }) => {
    await inShop(shopId, (tx) => stopSending(tx, new Date()));
    await switchSubscription(shopId, lane, "enabled");
  },
};

async function expectSame(shopId: ShopId): Promise<void> {
  const [pending, owed] = await inShop(shopId, async (tx) => [
    await tx.db.delivery.findMany({
      where: { shopId, state: "pending" },
      select: { subscriptionId: true, dueAt: true, id: true, leasedUntil: true },
    }),
    await tx.db.owed.findMany({ where: { shopId } }),
  ]);
  type Row = { subscriptionId: string; dueAt: Date; leasedUntil: Date | null };
  const text = ({ subscriptionId, dueAt, leasedUntil }: Row, id: string) =>
    [subscriptionId, dueAt.toISOString(), leasedUntil?.toISOString(), id].join(" ");
  expect(owed.map((row) => text(row, row.deliveryId)).sort()).toEqual(
    pending.map((row) => text(row, row.id)).sort(),
  );
}

test("after any deeds in any order, what is owed is what is pending", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...Object.keys(DEEDS)), { minLength: 4, maxLength: 14 }),
      async (deeds) => {
        const shopId = await growthShop();
        const { id: lane } = await subscribe(shopId, "http://127.0.0.1:9/");
        const scene = { shopId, lane, held: [] };
        await owe(shopId, 4);
        for (const deed of deeds) {
          await DEEDS[deed]?.(scene);
          await expectSame(shopId);
        }
        await deleteSubscription(shopId, lane);
        await expectSame(shopId);
      },
    ),
    { numRuns: 25 },
  );
}, 120_000);
