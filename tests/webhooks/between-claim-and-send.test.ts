// What a merchant or Shopify does to a subscription while a worker has one of its deliveries under way.
import pg from "pg";
import { expect, test } from "vitest";
import { inShop } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { now } from "../../app/platform/clock.server.ts";
import { claimDeliveries } from "../../app/webhooks/claim.server.ts";
import type { Claimed } from "../../app/webhooks/claim.server.ts";
import { LANE_POLICY } from "../../app/webhooks/lane-policy.ts";
import { editSubscription } from "../../app/webhooks/save-subscription.server.ts";
import { settleDeliveries } from "../../app/webhooks/settle.server.ts";
import { stopSending } from "../../app/webhooks/stop-sending.server.ts";
import { deleteSubscription, switchSubscription } from "../../app/webhooks/switch-subscription.server.ts";
import { testDatabase } from "../support/database.ts";
import {
  deliveriesOf,
  endpoint,
  engine,
  eventually,
  growthShop,
  inSql,
  owe,
  statesOf,
  subscribe,
} from "./shop-with-endpoint.ts";

const claim = (lane: string) => claimDeliveries([{ s: lane, n: 1 }], 60_000);
const settle = (row: Claimed | undefined, v: "delivered" | "retry" | "gone") =>
  settleDeliveries(
    [
      {
        d: row?.delivery_id ?? "",
        l: row?.lease ?? "",
        v,
        st: v === "delivered" ? 200 : 500,
        er: v === "delivered" ? null : "status",
        ms: 1,
        at: 1_800_000_000_000,
        an: "",
        ah: {},
        nx: 0,
        ...(v === "gone" && row && { rv: row.revision }),
      },
    ],
    LANE_POLICY,
  );

const CHANGES: Record<string, (shopId: ShopId, id: string) => Promise<unknown>> = {
  deleted: deleteSubscription,
  disabled: (shopId, id) => switchSubscription(shopId, id, "disabled"),
  paused: (shopId, id) => switchSubscription(shopId, id, "paused"),
  downgraded: (shopId) => inSql(shopId, "UPDATE shop SET sends_webhooks = false"),
  uninstalled: (shopId) => inShop(shopId, (tx) => stopSending(tx, now())),
};
/** Whose deliveries end with it; the others keep theirs for the day on which they may go out again. */
const ENDS: Record<string, string> = { deleted: "subscription_deleted", uninstalled: "app_uninstalled" };

test.each(Object.keys(CHANGES))("%s: the answer is kept, and nothing more goes out", async (change) => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/");
  await owe(shopId, 3);
  const [delivered] = await claim(id);
  const [failed] = await claim(id);
  await CHANGES[change]?.(shopId, id);
  expect((await settle(delivered, "delivered")).stale).toEqual([]);
  expect((await settle(failed, "retry")).stale).toEqual([]);
  expect(await claim(id)).toEqual([]);
  const ended = ENDS[change];
  const rows = await deliveriesOf(shopId);
  if (ended === undefined) {
    expect(rows.map(({ state }) => state).sort()).toEqual(["delivered", "pending", "pending"]);
  } else {
    expect(rows).toMatchObject(rows.map(() => ({ state: "cancelled", reason: ended, lease: null })));
  }
  expect(rows.map(({ attempts }) => attempts).sort()).toEqual([0, 1, 1]);
  const attempts = await inShop(shopId, (tx) => tx.db.attempt.count({ where: { shopId } }));
  expect(attempts).toBe(2);
});

test("edited: the attempt under way is the old one, the next is made of the new", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/old");
  await owe(shopId, 1);
  const [before] = await claim(id);
  const form = {
    format: "laurel",
    eventTypes: ["order.recorded"],
    description: "",
    headers: [],
    ratePerSecond: null,
  };
  const edited = await editSubscription(shopId, id, null, { ...form, url: "http://127.0.0.1:9/new" });
  expect(edited).toMatchObject({ ok: true });
  await settle(before, "retry");
  const [after] = await claim(id);
  expect([before?.url, after?.url, after?.delivery_id]).toEqual([
    "http://127.0.0.1:9/old",
    "http://127.0.0.1:9/new",
    before?.delivery_id,
  ]);
});

test("edited: that the old endpoint is gone says nothing of the new one", async () => {
  const shopId = await growthShop();
  const { id } = await subscribe(shopId, "http://127.0.0.1:9/old");
  await owe(shopId, 2);
  const before = await claim(id);
  await inSql(shopId, "UPDATE subscription SET url = 'http://127.0.0.1:9/new', revision = revision + 1");
  expect((await settle(before[0], "gone")).disabled).toEqual([]);
  const [after] = await claim(id);
  expect((await settle(after, "gone")).disabled).toMatchObject([{ s: id, reason: "gone" }]);
});

test("told to wait: what was claimed at that moment is given back unsent", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const { id } = await subscribe(shopId, receiver.url);
  let answerFirst = () => {};
  receiver.nextAnswers(
    (_request, response) =>
      new Promise((told) => {
        answerFirst = () => told(void response.writeHead(503, { "retry-after": "2" }).end());
      }),
  );
  await owe(shopId, 1);
  const { ring, load } = engine({ sweepMs: 60_000 });
  ring(id);
  await receiver.waitFor(1);
  await owe(shopId, 3);
  const locker = new pg.Client({ connectionString: testDatabase().url });
  await locker.connect();
  await locker.query("BEGIN; LOCK TABLE delivery IN SHARE MODE");
  ring(id);
  await eventually(async () => {
    const waiting = await testDatabase().query(`SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`);
    expect(waiting.length).toBeGreaterThan(0);
  });
  answerFirst();
  await eventually(() => Promise.resolve(expect(load().sockets).toBe(0)));
  await locker.query("COMMIT");
  await locker.end();
  const told = performance.now();
  await receiver.waitFor(4);
  expect(performance.now() - told).toBeGreaterThan(1_500);
  await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 4 }));
});
