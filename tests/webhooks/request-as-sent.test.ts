// The request of an attempt stays in sight for as long as it can be told truly: exactly when an endpoint is looked into.
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { findDelivery } from "../../app/webhooks/find-delivery.server.ts";
import { listDeliveries } from "../../app/webhooks/list-deliveries.server.ts";
import { cancelRotation, finishRotation, rotateSecret } from "../../app/webhooks/rotate-secret.server.ts";
import { editSubscription } from "../../app/webhooks/save-subscription.server.ts";
import { switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import { stopClock } from "../support/clock.ts";
import "../support/database.ts";
import type { Receiver } from "../support/receiver.ts";
import { endpoint, engine, eventually, growthShop, owe, statesOf, subscribe } from "./shop-with-endpoint.ts";

type Sent = { shopId: ShopId; id: string; receiver: Receiver; form: Parameters<typeof editSubscription>[3] };

/** A delivery that was accepted, at an endpoint with a header of the merchant's own. */
async function sent(): Promise<Sent> {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const headers: [string, string][] = [["X-Api-Key", "very-secret"]];
  const { id } = await subscribe(shopId, receiver.url, { headers });
  await owe(shopId, 1);
  engine();
  await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 1 }));
  const form = {
    url: receiver.url,
    format: "laurel",
    eventTypes: ["order.recorded"],
    description: "",
    headers,
    ratePerSecond: null,
  };
  return { shopId, id, receiver, form };
}

/** The requests of all attempts, the newest delivery first. */
async function requestsOf(shopId: ShopId) {
  const page = await listDeliveries(shopId, {});
  if (!page.ok) throw new Error(page.refusal);
  const found = await Promise.all(page.value.deliveries.map(({ id }) => findDelivery(shopId, id)));
  return found.flatMap((delivery) => delivery?.list.map(({ request }) => request) ?? []);
}

async function expectShown({ shopId, receiver }: Sent): Promise<void> {
  const [request] = await requestsOf(shopId);
  expect(request?.headers["X-Webhook-Signature"]).toBe(receiver.received[0]?.headers["x-webhook-signature"]);
  expect(request?.headers["webhook-signature"]).toBe(receiver.received[0]?.headers["webhook-signature"]);
}

const endOverlap = ({ shopId, id }: Sent) =>
  inShop(
    shopId,
    (tx) => tx.db.$executeRaw`
      UPDATE subscription SET rotation_ends_at = now() WHERE shop_id = ${shopId} AND subscription_id = ${id}`,
  );

test("a subscription made by a web process whose clock is ten minutes ahead shows its first request", async () => {
  stopClock(new Date(new Date().getTime() + 600_000));
  await expectShown(await sent());
});

test.each<[string, (sent: Sent) => Promise<unknown>]>([
  ["a pause", ({ shopId, id }) => switchSubscription(shopId, id, "paused")],
  ["disabling", ({ shopId, id }) => switchSubscription(shopId, id, "disabled")],
  [
    "another description",
    ({ shopId, id, form }) => editSubscription(shopId, id, null, { ...form, description: "Warehouse" }),
  ],
  [
    "another format, which is each delivery's own",
    ({ shopId, id, form }) => editSubscription(shopId, id, null, { ...form, format: "cloudevents" }),
  ],
])("%s leaves it in sight", async (_, change) => {
  const before = await sent();
  await expectShown(before);
  expect(await change(before)).toMatchObject({ ok: true });
  await expectShown(before);
});

test("an endpoint that is gone, and was disabled for it, leaves it in sight", async () => {
  const before = await sent();
  before.receiver.usualAnswer({ status: 410 });
  await owe(before.shopId, 1);
  await eventually(async () => {
    const rows = await inShop(before.shopId, (tx) => tx.db.subscription.findMany());
    expect(rows).toMatchObject([{ state: "disabled", disabledReason: "gone" }]);
  });
  const requests = await requestsOf(before.shopId);
  expect(requests).toHaveLength(2);
  expect(requests).not.toContain(null);
});

test.each<[string, (sent: Sent) => Promise<unknown>]>([
  [
    "another URL",
    ({ shopId, id, form }) => editSubscription(shopId, id, null, { ...form, url: "https://example.com/h" }),
  ],
  [
    "another header",
    ({ shopId, id, form }) =>
      editSubscription(shopId, id, null, { ...form, headers: [["X-Other", "value"]] }),
  ],
  ["a rotation that begins", ({ shopId, id }) => rotateSecret(shopId, id)],
])("%s hides it", async (_, change) => {
  const before = await sent();
  expect(await change(before)).toMatchObject({ ok: true });
  expect(await requestsOf(before.shopId)).toEqual([null]);
});

/** One more delivery, signed with both secrets. */
async function sentInOverlap(): Promise<Sent> {
  const before = await sent();
  expect(await rotateSecret(before.shopId, before.id)).toMatchObject({ ok: true });
  await owe(before.shopId, 1);
  await eventually(async () => expect(await statesOf(before.shopId)).toEqual({ delivered: 2 }));
  const [newest] = await requestsOf(before.shopId);
  expect(newest?.headers["webhook-signature"]).toBe(
    before.receiver.received[1]?.headers["webhook-signature"],
  );
  return before;
}

test.each<[string, (sent: Sent) => Promise<unknown>]>([
  ["ended by itself", endOverlap],
  [
    "ended by itself, and the next change put the new secret in place",
    async (before) => {
      await endOverlap(before);
      return switchSubscription(before.shopId, before.id, "paused");
    },
  ],
  ["was finished", ({ shopId, id }) => finishRotation(shopId, id)],
  ["was cancelled", ({ shopId, id }) => cancelRotation(shopId, id)],
])("a rotation that %s hides what both secrets signed", async (_, end) => {
  const before = await sentInOverlap();
  await end(before);
  expect(await requestsOf(before.shopId)).toEqual([null, null]);
});
