// What a merchant does with webhooks: create, edit, switch, rotate, test, replay, and look at what happened.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { readSubscriptionPage } from "../../app/admin/webhook-pages.server.ts";
import { recordTest } from "../../app/events/record-test.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { asCurl } from "../../app/webhooks/curl.ts";
import { findDelivery } from "../../app/webhooks/find-delivery.server.ts";
import { listDeliveries } from "../../app/webhooks/list-deliveries.server.ts";
import {
  findSubscription,
  listSubscriptions,
  readHeaders,
} from "../../app/webhooks/list-subscriptions.server.ts";
import { replayOne, replaySelected } from "../../app/webhooks/replay.server.ts";
import { cancelRotation, finishRotation, rotateSecret } from "../../app/webhooks/rotate-secret.server.ts";
import { createSubscription, editSubscription } from "../../app/webhooks/save-subscription.server.ts";
import { sendTest } from "../../app/webhooks/send-test.server.ts";
import { deleteSubscription, switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import "../support/database.ts";
import { hasProgram } from "../support/needs.ts";
import type { Received } from "../support/receiver.ts";
import {
  deliveriesOf,
  endpoint,
  engine,
  eventually,
  growthShop,
  inSql,
  loseKey,
  owe,
  statesOf,
  subscribe,
} from "./shop-with-endpoint.ts";

const form = {
  url: "https://example.com/h",
  format: "laurel",
  eventTypes: ["points.earned"],
  description: "",
  headers: [],
  ratePerSecond: null,
};
const withHeader = { headers: [["X-Api-Key", "very-secret"]] as [string, string][] };
const rowOf = (shopId: ShopId, id: string) =>
  inShop(shopId, (tx) => tx.db.subscription.findFirst({ where: { shopId, id } }));
const verifies = (secret: string, request: Received | undefined) => {
  try {
    new Webhook(secret).verify(request?.body ?? "", request?.headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};
const setPlan = (shopId: ShopId, data: object) =>
  inShop(shopId, (tx) => tx.db.shop.update({ where: { id: shopId }, data }));

describe("creating", () => {
  test("shows the secret once and stores it sealed", async () => {
    const shopId = await growthShop();
    const created = await createSubscription(shopId, form);
    expect(created).toMatchObject({ ok: true, value: { sameUrl: false } });
    const [row] = await inShop(shopId, (tx) => tx.db.subscription.findMany({ where: { shopId } }));
    expect(row?.secret).toMatch(/^v1:test:/);
    expect(JSON.stringify(await listSubscriptions(shopId))).not.toMatch(/whsec_|v1:test/);
  });

  test("seals headers, which go out with every request, and tells only their names", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url, withHeader);
    expect(JSON.stringify(await rowOf(shopId, id))).not.toContain("very-secret");
    expect(JSON.stringify(await listSubscriptions(shopId))).not.toContain("very-secret");
    expect(await findSubscription(shopId, id)).toMatchObject({ headerNames: ["X-Api-Key"] });
    await sendTest(shopId, id, "test");
    await owe(shopId, 1);
    engine({ schedule: [0.05] });
    await receiver.waitFor(2);
    expect(receiver.received.map(({ headers }) => headers["x-api-key"])).toEqual([
      "very-secret",
      "very-secret",
    ]);
    const edited = { ...form, ...withHeader, headers: [["X-Api-Key", "other-secret"]] as [string, string][] };
    expect(await editSubscription(shopId, id, null, edited)).toMatchObject({ ok: true });
    expect(JSON.stringify(await rowOf(shopId, id))).not.toContain("other-secret");
    expect(await readHeaders(shopId, id)).toEqual({ "X-Api-Key": "other-secret" });
  });

  test("headers that were saved in clear before are sent; sealed ones of another subscription are not", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url);
    const { id: other } = await subscribe(shopId, form.url, withHeader);
    const setHeaders = (headers: object | string) =>
      inShop(shopId, (tx) => tx.db.subscription.update({ where: { id, shopId }, data: { headers } }));
    await setHeaders({ "X-Old": "plain" });
    expect(await sendTest(shopId, id, "test")).toMatchObject({ value: { delivered: true } });
    expect(receiver.received[0]?.headers).toMatchObject({ "x-old": "plain" });
    await setHeaders((await rowOf(shopId, other))?.headers as string);
    expect(await sendTest(shopId, id, "test")).toMatchObject({ refusal: "secret_unreadable" });
    await inShop(shopId, (tx) => tx.db.subscription.delete({ where: { id: other, shopId } }));
    await owe(shopId, 1);
    engine({ schedule: [0.05] });
    await eventually(async () =>
      expect((await deliveriesOf(shopId)).at(-1)).toMatchObject({
        state: "parked",
        reason: "secret_unreadable",
      }),
    );
    expect(receiver.received).toHaveLength(1);
  });

  test("the same URL twice is allowed, with a hint", async () => {
    const shopId = await growthShop();
    await createSubscription(shopId, form);
    expect(await createSubscription(shopId, form)).toMatchObject({ ok: true, value: { sameUrl: true } });
  });

  test.each([
    [{ eventTypes: [] }, "event_types_missing", "eventTypes"],
    [{ eventTypes: ["points.stolen"] }, "event_type_unknown", "eventTypes"],
    [{ eventTypes: ["test"] }, "event_type_unknown", "eventTypes"],
    [{ format: "xml" }, "format_unknown", "format"],
    [{ format: "qurable" }, "event_type_not_in_format", "eventTypes"],
    [{ url: "http://example.com" }, "url_not_https", "url"],
    [{ description: "d".repeat(201) }, "description_too_long", "description"],
    [{ headers: [["Host", "x"]] as [string, string][] }, "header_name_reserved", "headers"],
    [{ ratePerSecond: 0 }, "rate_invalid", "ratePerSecond"],
  ])("refuses %j: %s at %s", async (wrong, refusal, field) => {
    expect(await createSubscription(await growthShop(), { ...form, ...wrong })).toMatchObject({
      refusal,
      field,
    });
  });

  test("a twenty-first is refused, from twenty-five double clicks too", async () => {
    const shopId = await growthShop();
    const answers = await Promise.all(Array.from({ length: 25 }, () => createSubscription(shopId, form)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(20);
    expect(await createSubscription(shopId, form)).toMatchObject({ refusal: "subscriptions_too_many" });
  });

  test("is refused below Growth, unpaid, and for a shop that is gone", async () => {
    const shopId = await growthShop();
    await setPlan(shopId, { plan: "free", sendsWebhooks: false });
    expect(await createSubscription(shopId, form)).toMatchObject({ refusal: "plan_too_low" });
    await setPlan(shopId, { planStatus: "frozen" });
    expect(await createSubscription(shopId, form)).toMatchObject({ refusal: "shop_read_only" });
    await setPlan(shopId, { uninstalledAt: new Date() });
    expect(await createSubscription(shopId, form)).toMatchObject({ refusal: "shop_unknown" });
  });
});

describe("editing", () => {
  test("from a form that was opened before another edit is refused as stale", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, form.url);
    expect(await editSubscription(shopId, id, 1, { ...form, description: "one" })).toMatchObject({
      value: { revision: 2 },
    });
    expect(await editSubscription(shopId, id, 1, form)).toMatchObject({ refusal: "form_stale" });
    expect(await findSubscription(shopId, id)).toMatchObject({ description: "one", revision: 2 });
  });

  test("reaches no other shop's subscription, nor does any other change", async () => {
    const [mine, theirs] = [await growthShop(), await growthShop()];
    const { id } = await subscribe(theirs, form.url);
    const unknown = { ok: false, refusal: "subscription_unknown" };
    expect(await editSubscription(mine, id, null, form)).toEqual(unknown);
    expect(await switchSubscription(mine, id, "disabled")).toEqual(unknown);
    expect(await rotateSecret(mine, id)).toEqual(unknown);
    expect(await deleteSubscription(mine, id)).toEqual(unknown);
    expect(await sendTest(mine, id, "test")).toEqual(unknown);
    expect(await findSubscription(mine, id)).toBeNull();
  });
});

test("deleting cancels what was still owed and keeps the log", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
  await owe(shopId, 2);
  expect(await deleteSubscription(shopId, id)).toEqual({ ok: true, value: { cancelled: 2 } });
  expect(await statesOf(shopId)).toEqual({ cancelled: 2 });
  expect(await listSubscriptions(shopId)).toEqual([]);
});

describe("rotating", () => {
  test("lets both secrets verify until it is finished, then only the new one", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id, secret } = await subscribe(shopId, receiver.url);
    const rotation = await rotateSecret(shopId, id);
    if (!rotation.ok) throw new Error(rotation.refusal);
    expect(await rotateSecret(shopId, id)).toMatchObject({ refusal: "rotation_under_way" });
    await sendTest(shopId, id, "test");
    expect(receiver.received[0]?.headers).toHaveProperty("x-webhook-signature-next");
    expect([
      verifies(secret, receiver.received[0]),
      verifies(rotation.value.secret, receiver.received[0]),
    ]).toEqual([true, true]);
    await finishRotation(shopId, id);
    await sendTest(shopId, id, "test");
    expect([
      verifies(secret, receiver.received[1]),
      verifies(rotation.value.secret, receiver.received[1]),
    ]).toEqual([false, true]);
  });

  test("cancelled leaves the old secret alone", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id, secret } = await subscribe(shopId, receiver.url);
    await rotateSecret(shopId, id);
    await cancelRotation(shopId, id);
    expect(await cancelRotation(shopId, id)).toMatchObject({ refusal: "rotation_not_under_way" });
    await sendTest(shopId, id, "test");
    expect(verifies(secret, receiver.received[0])).toBe(true);
  });

  test("ends by itself after a day, for deliveries that nobody touched", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id, secret } = await subscribe(shopId, receiver.url);
    const rotation = await rotateSecret(shopId, id);
    const past = { rotationEndsAt: new Date(new Date().getTime() - 1_000) };
    await inShop(shopId, (tx) => tx.db.subscription.update({ where: { id, shopId }, data: past }));
    await owe(shopId, 1);
    engine({ schedule: [0.05] });
    const [request] = await receiver.waitFor(1);
    expect(verifies(secret, request)).toBe(false);
    expect(rotation.ok && verifies(rotation.value.secret, request)).toBe(true);
  });

  test("promises an overlap on the page where the secret in place can be opened, and none where it cannot", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, form.url);
    const overlap = async () =>
      (await readSubscriptionPage({ id: shopId, timezone: "UTC" }, id, new URLSearchParams()))?.overlap;
    expect(await overlap()).toMatchObject({ hours: 24 });
    await loseKey(shopId, id);
    expect(await overlap()).toBeNull();
    await rotateSecret(shopId, id);
    expect(await overlap()).toMatchObject({ hours: 24 });
    // The secret in place is the new one once its rotation is over, whatever has become of the old.
    await rotateSecret(shopId, id);
    await inSql(shopId, "UPDATE subscription SET rotation_ends_at = now()");
    await loseKey(shopId, id);
    expect(await overlap()).toMatchObject({ hours: 24 });
  });
});

describe("the Test button", () => {
  test("sends any type's example, marked as a test, and shows the answer", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id, secret } = await subscribe(shopId, receiver.url);
    receiver.nextAnswers({ status: 422, body: "unknown customer" });
    const answer = await sendTest(shopId, id, "points.earned");
    expect(answer).toMatchObject({
      ok: true,
      value: { delivered: false, status: 422, answer: "unknown customer" },
    });
    expect(receiver.received[0]?.json()).toMatchObject({ event: "points.earned", test: true, sequence: 0 });
    expect(verifies(secret, receiver.received[0])).toBe(true);
    expect(await deliveriesOf(shopId)).toMatchObject([{ state: "failed", attempts: 1 }]);
  });

  test("is not tried again, and refuses a type that does not exist or a subscription that is off", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    expect(await sendTest(shopId, id, "nothing.known")).toMatchObject({ refusal: "event_type_unknown" });
    expect(await sendTest(shopId, id, "test")).toMatchObject({ value: { delivered: false, status: null } });
    await switchSubscription(shopId, id, "disabled");
    expect(await sendTest(shopId, id, "test")).toMatchObject({ refusal: "subscription_not_enabled" });
  });
});

describe("tests at the same time", () => {
  /** An endpoint that answers nobody before the gate is open. */
  async function hanging() {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url);
    const gate = Promise.withResolvers<void>();
    receiver.usualAnswer(async (_request, response) => {
      await gate.promise;
      response.writeHead(200).end();
    });
    return { shopId, id, receiver, gate };
  }

  test("are three of a shop; a fourth is refused until one of them has its answer", async () => {
    const { shopId, id, receiver, gate } = await hanging();
    let answered = 0;
    const asked = Array.from({ length: 12 }, () =>
      sendTest(shopId, id, "test").finally(() => (answered += 1)),
    );
    await eventually(() => Promise.resolve(expect(answered).toBe(9)));
    gate.resolve();
    const answers = await Promise.all(asked);
    expect(answers.filter(({ ok }) => ok)).toHaveLength(3);
    expect(answers.flatMap((answer) => (answer.ok ? [] : [answer.refusal]))).toEqual(
      Array<string>(9).fill("tests_too_many"),
    );
    expect(receiver.received).toHaveLength(3);
    expect(await sendTest(shopId, id, "test")).toMatchObject({ value: { delivered: true } });
  });

  test("of another shop, and ordinary deliveries under way, do not count", async () => {
    const { shopId, id, receiver, gate } = await hanging();
    await owe(shopId, 4);
    engine({ schedule: [0.05] });
    await receiver.waitFor(4);
    const testing = sendTest(shopId, id, "test");
    await receiver.waitFor(5);
    gate.resolve();
    expect(await testing).toMatchObject({ ok: true });
  });

  test("whose process died stand in the way for no longer than their lease", async () => {
    const { shopId, id, receiver, gate } = await hanging();
    gate.resolve();
    await inShop(shopId, async (tx) => {
      const dead = { subscriptionId: id, format: "laurel", type: "test", leaseMs: 60_000 } as const;
      for (let i = 0; i < 3; i += 1) await recordTest(tx, dead);
    });
    expect(await sendTest(shopId, id, "test")).toMatchObject({ refusal: "tests_too_many" });
    await inShop(
      shopId,
      (tx) => tx.db.$executeRaw`
        UPDATE delivery SET leased_until = now() - interval '1 s' WHERE shop_id = ${shopId}`,
    );
    expect(await sendTest(shopId, id, "test")).toMatchObject({ ok: true });
    expect(receiver.received).toHaveLength(1);
  });
});

describe("sending again", () => {
  async function failed(count: number) {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 500 });
    await owe(shopId, count);
    engine({ schedule: [0.05] });
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ failed: count }));
    receiver.usualAnswer({ status: 200 });
    const before = receiver.received.length;
    return { shopId, receiver, id, before };
  }
  const all = async (shopId: ShopId) => {
    const page = await listDeliveries(shopId, {});
    if (!page.ok) throw new Error(page.refusal);
    return page.value.deliveries;
  };

  test("one delivery: same bytes, same id, the next attempt number", async () => {
    const { shopId, receiver, before } = await failed(1);
    const [delivery] = await all(shopId);
    expect(await replayOne(shopId, delivery?.id ?? "")).toMatchObject({ ok: true });
    const requests = await receiver.waitFor(before + 1);
    expect(requests.at(-1)?.body).toEqual(requests[0]?.body);
    expect(requests.at(-1)?.headers).toMatchObject({
      "webhook-id": delivery?.eventId,
      "x-webhook-attempt": "3",
    });
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 1 }));
    const details = await findDelivery(shopId, delivery?.id ?? "");
    expect(details?.list.map(({ number, manual, status }) => [number, manual, status])).toEqual([[1, false, 500], [2, false, 500], [3, true, 200]]); // prettier-ignore
  });

  test("the selected ones", async () => {
    const { shopId } = await failed(4);
    const [one, two] = await all(shopId);
    expect(await replaySelected(shopId, [one?.id ?? "", two?.id ?? "", "dlv_none"])).toEqual({
      ok: true,
      value: { replayed: 2, skipped: 1 },
    });
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 2, failed: 2 }));
  });

  test("is refused with its reason", async () => {
    const { shopId, id } = await failed(1);
    const [delivery] = await all(shopId);
    expect(await replayOne(shopId, "dlv_none")).toMatchObject({ refusal: "delivery_unknown" });
    await switchSubscription(shopId, id, "paused");
    expect(await replayOne(shopId, delivery?.id ?? "")).toMatchObject({
      refusal: "subscription_not_enabled",
    });
    await deleteSubscription(shopId, id);
    expect(await replayOne(shopId, delivery?.id ?? "")).toMatchObject({ refusal: "subscription_unknown" });
  });
});

describe("looking", () => {
  test("pages through the log by cursor without gap or double, and filters it", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    await owe(shopId, 25);
    const seen: string[] = [];
    for (let after: string | null = null, pages = 0; pages < 4; pages += 1) {
      const page = await listDeliveries(
        shopId,
        { subscriptionId: id, states: ["pending"] },
        { after, size: 10 },
      );
      if (!page.ok) throw new Error(page.refusal);
      seen.push(...page.value.deliveries.map((delivery) => delivery.id));
      after = page.value.next;
      if (after === null) break;
    }
    expect(new Set(seen).size).toBe(25);
    expect(await listDeliveries(shopId, { states: ["failed"] })).toMatchObject({ value: { deliveries: [] } });
    expect(await listDeliveries(shopId, {}, { after: "bm9uc2Vuc2U" })).toMatchObject({
      refusal: "cursor_invalid",
    });
  });

  test("shows health and the request as it was sent, as a command too", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url);
    await owe(shopId, 1);
    engine({ schedule: [0.05] });
    await receiver.waitFor(1);
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 1 }));
    const subscription = await findSubscription(shopId, id);
    expect(subscription?.health).toMatchObject({
      attempts: 1,
      successRate: 1,
      waiting: 0,
      breaker: "closed",
    });
    expect(subscription?.health.hours.at(-1)).toEqual({ delivered: 1, failed: 0 });
    const page = await listDeliveries(shopId, {});
    const details = await findDelivery(shopId, (page.ok && page.value.deliveries[0]?.id) || "");
    const request = details?.list[0]?.request;
    const sent = receiver.received[0]?.headers;
    expect(request?.headers["X-Webhook-Signature"]).toBe(sent?.["x-webhook-signature"]);
    expect(request?.headers["webhook-signature"]).toBe(sent?.["webhook-signature"]);
    expect(request && asCurl({ ...request, body: "it's" })).toContain(`--data-binary 'it'\\''s'`);
  });

  test.skipIf(!hasProgram("curl"))(
    "the command sends one request, whatever the address and the body have in them",
    async () => {
      const receiver = await endpoint();
      const url = `${receiver.url}?n=[1-3]&m={a,b}`;
      const body = `{"name":"it's [1-2]"}`;
      await promisify(execFile)("sh", ["-c", asCurl({ url, headers: { "X-Odd": "{a,b} 'c'" }, body })]);
      expect(receiver.received).toHaveLength(1);
      const [got] = receiver.received;
      expect(got?.path).toBe("/hooks?n=[1-3]&m={a,b}");
      expect([got?.headers["x-odd"], got?.body.toString()]).toEqual(["{a,b} 'c'", body]);
    },
  );
});
