// The delivery engine on a real database and real endpoints: nothing lost, nobody starved, waiting costs no attempt.
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { inShop } from "../../app/platform/db.server.ts";
import { claimDeliveries, dueLanes } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY, LEASE_MARGIN_MS, WINDOW } from "../../app/webhooks/lane-policy.ts";
import { rotateSecret } from "../../app/webhooks/rotate-secret.server.ts";
import { sendTest } from "../../app/webhooks/send-test.server.ts";
import { createSettler, settleDeliveries } from "../../app/webhooks/settle.server.ts";
import { switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import { testDatabase } from "../support/database.ts";
import type { Receiver } from "../support/receiver.ts";
import {
  deliveriesOf,
  endpoint,
  engine,
  eventually,
  growthShop,
  inSql,
  loseKey,
  owe,
  startEngine,
  statesOf,
  subscribe,
} from "./shop-with-endpoint.ts";

const ids = (receiver: Receiver) => receiver.received.map(({ headers }) => headers["webhook-id"]);

describe("what is owed", () => {
  test("is delivered once each, signed, with its attempt kept", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { secret } = await subscribe(shopId, receiver.url);
    await owe(shopId, 150);
    engine();
    await receiver.waitFor(150);
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 150 }));
    expect(new Set(ids(receiver)).size).toBe(150);
    const [first] = receiver.received;
    expect(() =>
      new Webhook(secret).verify(first?.body ?? "", first?.headers as Record<string, string>),
    ).not.toThrow();
    expect(first?.headers).toMatchObject({ "user-agent": "Laurel-Webhook/1.0", "x-webhook-attempt": "1" });
    const attempts = await inShop(shopId, (tx) => tx.db.attempt.findMany({ where: { shopId } }));
    expect(attempts).toHaveLength(150);
    expect(attempts[0]).toMatchObject({ number: 1, status: 200, error: null });
  });

  test("is tried again on the schedule with the same bytes and id, then given up", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 500, body: "no" });
    await owe(shopId, 1);
    engine();
    await receiver.waitFor(4);
    await eventually(async () =>
      expect(await deliveriesOf(shopId)).toMatchObject([{ state: "failed", attempts: 4, last_status: 500 }]),
    );
    expect(new Set(ids(receiver)).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body.toString())).size).toBe(1);
    expect(receiver.received.map(({ headers }) => headers["x-webhook-attempt"])).toEqual([
      "1",
      "2",
      "3",
      "4",
    ]);
  });

  test("waits for Retry-After, without using up attempts meanwhile", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url);
    receiver.nextAnswers({ status: 429, headers: { "retry-after": "1" } });
    await owe(shopId, 1);
    engine();
    await receiver.waitFor(2);
    const [first, second] = receiver.received;
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(990);
    await eventually(async () =>
      expect(await deliveriesOf(shopId)).toMatchObject([{ state: "delivered", attempts: 2 }]),
    );
  });

  test("waits for it with all of its lane", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url);
    const slowDown = { status: 503, headers: { "retry-after": "2" } };
    receiver.nextAnswers(...Array.from({ length: WINDOW.first }, () => slowDown));
    await owe(shopId, 20);
    engine();
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 20 }));
    const times = receiver.received.map(({ at }) => at.getTime()).sort((a, b) => a - b);
    const [last = 0, next = 0] = times.slice(WINDOW.first - 1);
    expect(next - last).toBeGreaterThanOrEqual(1_900);
    expect((await deliveriesOf(shopId)).filter(({ attempts }) => attempts > 1)).toHaveLength(WINDOW.first);
  });

  test("goes out at the subscription's own rate", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url, { ratePerSecond: 5 });
    await owe(shopId, 12);
    engine();
    await receiver.waitFor(12);
    const times = receiver.received.map(({ at }) => at.getTime());
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(1_000);
  });
});

describe("an endpoint that", () => {
  test("answers 410 is disabled, with one notice, and hears nothing more", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 410 });
    await owe(shopId, 10);
    engine();
    await eventually(async () => {
      const found = await inShop(shopId, (tx) => tx.db.subscription.findFirst({ where: { shopId, id } }));
      expect(found).toMatchObject({ state: "disabled", disabledReason: "gone" });
    });
    const notices = await inShop(shopId, (tx) => tx.db.notice.findMany({ where: { shopId } }));
    expect(notices).toMatchObject([{ kind: "webhooks.disabled", subjectId: id }]);
    // What was under way together, and nothing of what waited behind it or came later.
    await owe(shopId, 3);
    await sleep(400);
    expect(receiver.received.length).toBeLessThanOrEqual(WINDOW.first);
  });

  test("fails ten times opens the breaker; one probe closes it, and the rest follows", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 500 });
    await owe(shopId, 40);
    const { load } = engine({
      schedule: [1, 1, 1, 1, 1],
      policy: { ...LANE_POLICY, breaker_first_ms: 3_600_000 },
    });
    const lane = () => inShop(shopId, (tx) => tx.db.lane.findFirst({ where: { shopId } }));
    await eventually(async () => expect(await lane()).toMatchObject({ breaker: "open" }));
    // What was under way when it opened still comes.
    await sleep(200);
    await eventually(async () => {
      expect(load()).toMatchObject({ sockets: 0, unsettled: 0 });
      expect((await deliveriesOf(shopId)).every(({ lease }) => lease === null)).toBe(true);
    });
    const before = receiver.received.length;
    receiver.usualAnswer({ status: 200 });
    await sleep(200);
    expect(receiver.received.length).toBe(before);
    await inShop(
      shopId,
      (tx) => tx.db.$executeRaw`UPDATE lane SET not_before = now() WHERE shop_id = ${shopId}`,
    );
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 40 }));
    expect(await lane()).toMatchObject({ breaker: "closed", consecutiveFailures: 0, notBefore: null });
  });

  test("has only failed for three days is disabled with one notice", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 500 });
    const where = { shopId };
    const since = new Date(new Date().getTime() - 73 * 3600_000);
    await inShop(shopId, (tx) =>
      tx.db.lane.updateMany({ where, data: { consecutiveFailures: 9, failingSince: since } }),
    );
    await owe(shopId, 2);
    engine();
    await eventually(async () => {
      const found = await inShop(shopId, (tx) => tx.db.subscription.findFirst({ where: { shopId, id } }));
      expect(found).toMatchObject({ state: "disabled", disabledReason: "failing" });
    });
    expect(await inShop(shopId, (tx) => tx.db.notice.count({ where }))).toBe(1);
  });

  test("hangs holds up nobody: ninety-six of them ahead of a healthy one", async () => {
    const hanging = await endpoint();
    hanging.usualAnswer(() => new Promise(() => undefined));
    const healthy = await endpoint();
    const shops = await Promise.all(Array.from({ length: 5 }, () => growthShop()));
    for (const shopId of shops) {
      for (let i = 0; i < 19; i += 1) await subscribe(shopId, `${hanging.url}/${i}`);
      await owe(shopId, 8);
    }
    const other = await growthShop();
    await subscribe(other, healthy.url);
    const started = engine({ deadlineMs: 60_000 });
    await hanging.waitFor(95);
    await owe(other, 100);
    const [lane] = await inShop(other, (tx) => tx.db.lane.findMany({ where: { shopId: other } }));
    started.ring(lane?.subscriptionId ?? "");
    await healthy.waitFor(100);
    // Not one of the others was waited for.
    expect(started.load().sockets).toBeGreaterThanOrEqual(95);
    await hanging.close();
  });
});

describe("no attempt starts", () => {
  test("while the subscription is paused; what it was owed goes out afterwards", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id } = await subscribe(shopId, receiver.url);
    await switchSubscription(shopId, id, "paused");
    await owe(shopId, 3);
    engine();
    await new Promise((later) => setTimeout(later, 400));
    expect(receiver.received).toHaveLength(0);
    await switchSubscription(shopId, id, "enabled");
    await receiver.waitFor(3);
  });

  test("for a shop whose plan no longer has webhooks, or that uninstalled the app", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url);
    await owe(shopId, 3);
    await inShop(shopId, (tx) =>
      tx.db.shop.update({ where: { id: shopId }, data: { sendsWebhooks: false } }),
    );
    engine();
    await new Promise((later) => setTimeout(later, 400));
    expect(receiver.received).toHaveLength(0);
    expect(await deliveriesOf(shopId)).toMatchObject([{ attempts: 0 }, { attempts: 0 }, { attempts: 0 }]);
  });
});

describe("a lease", () => {
  const ok = { v: "delivered", st: 200, er: null, ms: 1, at: 1_800_000_000_000, an: "", ah: {} } as const;
  const claimOne = async (lane: string, ms = 10_000) => (await claimDeliveries([{ s: lane, n: 1 }], ms))[0];

  test("belongs to one worker, and after its end to the next; the first one's finish is stale", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    await owe(shopId, 1);
    const first = await claimOne(id, 60_000);
    expect(await claimOne(id)).toBeUndefined();
    await inShop(
      shopId,
      (tx) => tx.db.$executeRaw`
        UPDATE delivery SET leased_until = now() - interval '1 s' WHERE shop_id = ${shopId}`,
    );
    const second = await claimOne(id);
    expect(second?.delivery_id).toBe(first?.delivery_id);
    const stale = await settleDeliveries(
      [{ d: first?.delivery_id ?? "", l: first?.lease ?? "", ...ok }],
      LANE_POLICY,
    );
    expect(stale.stale).toEqual([first?.delivery_id]);
    expect(await deliveriesOf(shopId)).toMatchObject([
      { state: "pending", attempts: 0, lease: second?.lease },
    ]);
    await settleDeliveries([{ d: second?.delivery_id ?? "", l: second?.lease ?? "", ...ok }], LANE_POLICY);
    expect(await deliveriesOf(shopId)).toMatchObject([{ state: "delivered", attempts: 1, lease: null }]);
  });

  test("that is told of too late to finish in it is given back unsent, and nothing goes out twice", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url);
    receiver.usualAnswer({ status: 200, afterMs: 400 });
    await owe(shopId, 8);
    // Nothing of the table moves for longer than the lease: the claim began before, and is told of after its end.
    const locker = new pg.Client({ connectionString: testDatabase().url });
    await locker.connect();
    await locker.query("BEGIN; LOCK TABLE delivery IN SHARE MODE");
    engine({ deadlineMs: 5_000 });
    await eventually(async () => {
      const waiting = await testDatabase().query(`SELECT FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`);
      expect(waiting.length).toBeGreaterThan(0);
    });
    await sleep(5_000 + LEASE_MARGIN_MS + 1_000);
    await locker.query("COMMIT");
    await locker.end();
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 8 }));
    expect(new Set(ids(receiver)).size).toBe(8);
    expect(receiver.received).toHaveLength(8);
  }, 60_000);

  test("that ends while nothing can be settled is not taken again before what was sent is written", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url);
    const db = testDatabase();
    const locker = new pg.Client({ connectionString: db.url });
    await locker.connect();
    await locker.query("BEGIN; LOCK TABLE attempt IN SHARE MODE");
    await owe(shopId, 8);
    engine({ deadlineMs: 5_000 });
    await receiver.waitFor(8);
    // As if PostgreSQL came and went: each try to settle loses its connection, for longer than the lease.
    for (
      const over = performance.now() + 5_000 + LEASE_MARGIN_MS + 2_000;
      performance.now() < over;
      await sleep(100)
    ) {
      await db.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%settle_deliveries%'`);
    }
    await locker.end();
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 8 }));
    expect(receiver.received).toHaveLength(8);
  }, 60_000);

  test("is given to one of many workers that ask at once", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    await owe(shopId, 60);
    const rounds = await Promise.all(
      Array.from({ length: 12 }, () => claimDeliveries([{ s: id, n: 16 }], 10_000)),
    );
    const taken = rounds.flat().map(({ delivery_id: delivery }) => delivery);
    expect(taken.length).toBeGreaterThan(0);
    expect(new Set(taken).size).toBe(taken.length);
    expect(taken.length).toBeLessThanOrEqual(60);
  });

  test("taken six times without an attempt parks the delivery: it kills workers", async () => {
    const shopId = await growthShop();
    const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
    await owe(shopId, 1);
    for (let i = 0; i < 5; i += 1) {
      expect(await claimOne(id, 1)).toBeDefined();
      await new Promise((later) => setTimeout(later, 5));
    }
    expect(await claimOne(id, 1)).toBeUndefined();
    expect(await deliveriesOf(shopId)).toMatchObject([{ state: "parked", reason: "workers_died" }]);
  });
});

test("a secret that cannot be opened parks the delivery, and the lane goes on", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const { id } = await subscribe(shopId, receiver.url);
  await owe(shopId, 1);
  await loseKey(shopId, id);
  engine();
  await eventually(async () =>
    expect(await deliveriesOf(shopId)).toMatchObject([{ state: "parked", reason: "secret_unreadable" }]),
  );
  expect(receiver.received).toHaveLength(0);
});

test("a rotation in place of a secret that cannot be opened has nothing to wait for: the new one signs at once", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const { id } = await subscribe(shopId, receiver.url);
  await loseKey(shopId, id);
  const rotated = await rotateSecret(shopId, id);
  if (!rotated.ok) throw new Error(rotated.refusal);
  const kept = await inShop(shopId, (tx) => tx.db.subscription.findUniqueOrThrow({ where: { id, shopId } }));
  expect(kept).toMatchObject({ nextSecret: null, rotationEndsAt: null, revision: 2 });
  expect(rotated.value.endsAt).toEqual(kept.updatedAt);
  expect(await sendTest(shopId, id, "order.recorded")).toMatchObject({
    ok: true,
    value: { delivered: true },
  });
  const [came] = receiver.received;
  expect(() =>
    new Webhook(rotated.value.secret).verify(came?.body ?? "", came?.headers as Record<string, string>),
  ).not.toThrow();
});

test("a stop finishes and settles what is under way", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  await subscribe(shopId, receiver.url);
  receiver.usualAnswer({ status: 200, afterMs: 300 });
  await owe(shopId, 4);
  const started = startEngine();
  await receiver.waitFor(1);
  await started.stop();
  const states = await statesOf(shopId);
  expect(states["delivered"]).toBe(receiver.received.length);
  expect((await deliveriesOf(shopId)).every(({ lease }) => lease === null)).toBe(true);
});

test("the sweep finds a lane that nobody rang for, and says when the next is due", async () => {
  const shopId = await growthShop();
  const lanes: string[] = [];
  for (let i = 0; i < 5; i += 1) lanes.push((await subscribe(shopId, `http://127.0.0.1:9/${i}`)).id);
  await owe(shopId, 1);
  const [later, muchLater] = lanes;
  await inSql(shopId, `UPDATE delivery SET due_at = now() + '5 s' WHERE subscription_id = '${later}'`);
  await inSql(shopId, `UPDATE delivery SET due_at = now() + '1 h' WHERE subscription_id = '${muchLater}'`);
  // However many there are: three at a time, each once.
  const found = new Map<string, number>();
  for (let after: string | undefined = "", pages = 0; after !== undefined; pages += 1) {
    const page = await dueLanes(after, 3, 10_000);
    for (const lane of page) found.set(lane.subscription_id, lane.due_in_ms);
    expect(pages).toBeLessThan(100);
    after = page[2]?.subscription_id;
  }
  const ours = lanes.filter((id) => found.has(id));
  expect(ours).toEqual(lanes.filter((id) => id !== muchLater));
  expect(Math.min(...lanes.slice(2).map((id) => -Number(found.get(id))))).toBeGreaterThanOrEqual(0);
  expect(found.get(later ?? "")).toBeGreaterThan(0);
});

test("the settler goes on after a pause of any length, and draining it when empty ends at once", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
  const ok = { v: "delivered", st: 200, er: null, ms: 1, at: 1_800_000_000_000, an: "", ah: {} } as const;
  const settler = createSettler(LANE_POLICY, () => undefined);
  await settler.drained();
  for (let round = 1; round <= 3; round += 1) {
    await owe(shopId, 250);
    for (let taken = 0; taken < 250;) {
      const claimed = await claimDeliveries([{ s: id, n: 125 }], 10_000);
      for (const { delivery_id: d, lease: l } of claimed) settler.add({ d, l, ...ok });
      taken += claimed.length;
    }
    await settler.drained();
    await settler.drained();
    expect(await statesOf(shopId)).toEqual({ delivered: round * 250 });
    await new Promise((later) => setTimeout(later, 20));
  }
});
