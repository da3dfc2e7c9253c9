// A worker whose clock is wrong: what another machine must agree with goes by the database's.
import { Webhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { now } from "../../app/platform/clock.server.ts";
import { sendTest } from "../../app/webhooks/send-test.server.ts";
import { stopClock } from "../support/clock.ts";
import "../support/database.ts";
import {
  deliveriesOf,
  endpoint,
  engine,
  eventually,
  growthShop,
  owe,
  subscribe,
} from "./shop-with-endpoint.ts";

const TEN_MINUTES_MS = 600_000;
const inTenMinutes = () => stopClock(new Date(new Date().getTime() + TEN_MINUTES_MS));

test("is signed with the database's time when the worker's clock is ten minutes off", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const { secret } = await subscribe(shopId, receiver.url);
  await owe(shopId, 1);
  stopClock(new Date(new Date().getTime() - 600_000));
  engine();
  const [first] = await receiver.waitFor(1);
  // standardwebhooks refuses what is more than five minutes away.
  expect(() =>
    new Webhook(secret).verify(first?.body ?? "", first?.headers as Record<string, string>),
  ).not.toThrow();
});

test("a test from a web process whose clock is ten minutes off is signed with the database's time too", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const { id, secret } = await subscribe(shopId, receiver.url);
  inTenMinutes();
  expect(await sendTest(shopId, id, "test")).toMatchObject({ ok: true, value: { delivered: true } });
  const [first] = receiver.received;
  expect(() =>
    new Webhook(secret).verify(first?.body ?? "", first?.headers as Record<string, string>),
  ).not.toThrow();
});

test("a date in Retry-After is waited for by a worker whose clock is ten minutes ahead", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  await subscribe(shopId, receiver.url);
  const until = new Date(now().getTime() + 3_000);
  receiver.nextAnswers({ status: 503, headers: { "retry-after": until.toUTCString() } });
  await owe(shopId, 1);
  inTenMinutes();
  engine();
  await eventually(async () =>
    expect(await deliveriesOf(shopId)).toMatchObject([{ state: "delivered", attempts: 2 }]),
  );
  // A header's date knows whole seconds.
  expect(receiver.received[1]?.at.getTime()).toBeGreaterThanOrEqual(until.getTime() - 1_000);
});
