// The accounts of a fault run see what is missing: an auditor that cannot find anything would prove nothing.
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountFor } from "../../faults/account.ts";
import { observe, type Observer } from "../../faults/observer.ts";
import { startReceiver, type ReceiverLink } from "../../faults/receiver-link.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { claimDeliveries, type Claimed } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import { testDatabase } from "../support/database.ts";
import { growthShop, owe, subscribe } from "../webhooks/shop-with-endpoint.ts";

const LEASE_MS = 60_000;
let receiver: ReceiverLink;
let observer: Observer;
beforeAll(async () => {
  receiver = await startReceiver();
  observer = observe(testDatabase().url);
});
afterAll(async () => {
  receiver.close();
  await observer.close();
});

/** A shop that owes so many deliveries, all claimed, to a path of the receiver. */
async function claimed(
  round: string,
  count: number,
): Promise<{ shopId: ShopId; rows: Claimed[]; url: string }> {
  const shopId = await growthShop();
  const url = receiver.url(round, 0);
  const { id } = await subscribe(shopId, url);
  await owe(shopId, count);
  return { shopId, url, rows: await claimDeliveries([{ s: id, n: count }], LEASE_MS) };
}

async function post(url: string, id: string, body = { id }): Promise<void> {
  const seconds = String(Math.floor(Date.now() / 1000));
  const headers = { "webhook-id": id, "x-webhook-id": id, "webhook-timestamp": seconds };
  await (await fetch(url, { method: "POST", headers, body: JSON.stringify(body) })).arrayBuffer();
}

const settle = (rows: readonly (Claimed | undefined)[]) => {
  const done = { v: "delivered", st: 200, er: null, ms: 1, at: Date.now(), an: "", ah: {} } as const;
  const outcomes = rows.flatMap((row) => (row ? [{ d: row.delivery_id, l: row.lease, ...done }] : []));
  return settleDeliveries(outcomes, LANE_POLICY);
};

const account = (name: string, shopId: ShopId, inFlight: readonly string[]) =>
  accountFor(
    { name, shopId, world: { observer, receiver } },
    { from: Date.now() - LEASE_MS, until: Date.now(), inFlight },
  );

test("what was settled and never came is lost; what waits is pending", async () => {
  const { shopId, rows, url } = await claimed("lost", 3);
  const [came, never] = rows;
  await post(url, came?.event_id ?? "");
  await settle([came, never]);
  const expected = { committed: 3, delivered: 1, pending: 1, lost: 1, duplicated: 0 };
  expect(await account("lost", shopId, [])).toMatchObject(expected);
});

test("what came twice was in flight, or is a broken promise", async () => {
  const { shopId, rows, url } = await claimed("twice", 2);
  const [inFlight, other] = rows;
  for (const row of [inFlight, inFlight, other, other]) await post(url, row?.event_id ?? "");
  await settle(rows);
  const { duplicated, lost, problems } = await account("twice", shopId, [inFlight?.delivery_id ?? ""]);
  expect({ duplicated, lost }).toEqual({ duplicated: 2, lost: 0 });
  expect(problems).toEqual(["1 sent again though not in flight at the strike"]);
});

test("what nobody committed, another body, another id: each is told", async () => {
  const { shopId, rows, url } = await claimed("other", 1);
  const id = rows[0]?.event_id ?? "";
  await post(url, id);
  await post(url, id, { id: "evt_another" });
  await post(url, "evt_stranger");
  await settle(rows);
  const { problems } = await account("other", shopId, [rows[0]?.delivery_id ?? ""]);
  expect(problems).toEqual([
    "1 received though never committed",
    "1 with ids that differ",
    "1 sent again with another body",
  ]);
});
