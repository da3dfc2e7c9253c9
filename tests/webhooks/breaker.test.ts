// The breaker of a lane in the database: what one worker learned holds for all, through restarts.
import { expect, test } from "vitest";
import { inShop } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import type { Claimed } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import "../support/database.ts";
import { growthShop, inSql, owe, statesOf, subscribe } from "./shop-with-endpoint.ts";

const POLICY = { ...LANE_POLICY, breaker_after: 2 };
const LEASE_MS = 60_000;

const claim = (lane: string, n: number) => claimDeliveries([{ s: lane, n }], LEASE_MS);
const settle = (rows: readonly Claimed[], v: "delivered" | "retry") =>
  settleDeliveries(
    rows.map(({ delivery_id: d, lease: l }) => {
      const answer = { st: v === "delivered" ? 200 : 500, er: v === "delivered" ? null : "status" };
      return { d, l, v, ...answer, ms: 1, at: 1_800_000_000_000, an: "", ah: {}, nx: 0 };
    }),
    POLICY,
  );
const laneOf = (shopId: ShopId) => inShop(shopId, (tx) => tx.db.lane.findFirstOrThrow({ where: { shopId } }));
const waitIsOver = (shopId: ShopId) => inSql(shopId, "UPDATE lane SET not_before = now() - interval '1 s'");
const leaseIsOver = (shopId: ShopId) =>
  inSql(shopId, "UPDATE delivery SET leased_until = now() - interval '1 s' WHERE lease IS NOT NULL");
const secondsUntil = (at: Date | null) => ((at?.getTime() ?? 0) - new Date().getTime()) / 1000;

/** A lane whose breaker has opened, with deliveries that wait. */
async function failingLane() {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
  await owe(shopId, 6);
  await settle(await claim(id, 2), "retry");
  expect(await laneOf(shopId)).toMatchObject({ breaker: "open", breakerOpens: 1 });
  return { shopId, id };
}

test("open, it gives nothing to anybody; its wait over, one delivery to one of the workers that ask", async () => {
  const { shopId, id } = await failingLane();
  expect(await claim(id, 4)).toEqual([]);
  await waitIsOver(shopId);
  const asked = await Promise.all(Array.from({ length: 8 }, () => claim(id, 4)));
  expect(asked.flat()).toMatchObject([{ probe: true, subscription_id: id }]);
  // As long as the probe may be under way.
  const lane = await laneOf(shopId);
  expect(lane.breaker).toBe("half_open");
  expect(secondsUntil(lane.notBefore)).toBeGreaterThan(LEASE_MS / 1000 - 30);
  expect(await claim(id, 4)).toEqual([]);
});

test("a probe that fails opens it for twice as long; one that goes well closes it", async () => {
  const { shopId, id } = await failingLane();
  const waited = secondsUntil((await laneOf(shopId)).notBefore);
  await waitIsOver(shopId);
  await settle(await claim(id, 4), "retry");
  const again = await laneOf(shopId);
  expect(again).toMatchObject({ breaker: "open", breakerOpens: 2, consecutiveFailures: 3 });
  expect(secondsUntil(again.notBefore)).toBeGreaterThan(1.5 * waited);
  await waitIsOver(shopId);
  await settle(await claim(id, 4), "delivered");
  expect(await laneOf(shopId)).toMatchObject({ breaker: "closed", breakerOpens: 0, notBefore: null });
  await settle(await claim(id, 6), "delivered");
  expect(await statesOf(shopId)).toEqual({ delivered: 6 });
});

test("a prober that was killed is followed by another; its own answer changes nothing any more", async () => {
  const { shopId, id } = await failingLane();
  await waitIsOver(shopId);
  const killed = await claim(id, 4);
  await waitIsOver(shopId);
  await leaseIsOver(shopId);
  const next = await claim(id, 4);
  expect(next).toMatchObject([{ probe: true }]);
  expect(next[0]?.delivery_id).toBe(killed[0]?.delivery_id);
  expect((await settle(killed, "delivered")).stale).toEqual([killed[0]?.delivery_id]);
  expect((await laneOf(shopId)).breaker).toBe("half_open");
  await settle(next, "delivered");
  expect((await laneOf(shopId)).breaker).toBe("closed");
});
