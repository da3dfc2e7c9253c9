// A write is carried out once for each Idempotency-Key, also where its answer cannot be kept.
import { expect, test } from "vitest";
import { inShop } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { entriesOf, sendCustomer } from "../orders/a-shop.ts";
import { stopClock } from "../support/clock.ts";
import "../support/database.ts";
import { endpoint } from "../webhooks/shop-with-endpoint.ts";
import { growthShopWithProgram, integrator } from "./an-integrator.ts";
import type { Answer } from "./an-integrator.ts";
import { refuseRows, takeRows } from "./refused-rows.ts";

const SUBSCRIPTIONS = "/v1/webhook-subscriptions";
const headers = { "Idempotency-Key": "import-1" };
const codeOf = ({ status, body }: Answer) => [status, body.errors[0]?.code];

const refuseAnswers = () => refuseRows("idempotent_answer", "NEW.status IS NOT NULL");

const subscriptionsOf = (shop: ShopId) =>
  inShop(shop, (tx) => tx.db.subscription.count({ where: { shopId: shop } }));

test("where the answer cannot be kept nothing was done, and the retry does it", async () => {
  const shop = await growthShopWithProgram();
  await sendCustomer(shop, { id: "71", email: "ada@example.com" });
  const { ask } = await integrator(shop);
  const create = () =>
    ask("POST", SUBSCRIPTIONS, {
      body: { url: "http://127.0.0.1:9/hooks", events: ["points.earned"] },
      headers,
    });
  const adjust = () =>
    ask("POST", "/v1/customers/71/points", {
      body: { adjustment: 5, note: "Once" },
      headers: { "Idempotency-Key": "import-2" },
    });
  await refuseAnswers();
  expect([codeOf(await create()), codeOf(await adjust())]).toEqual([
    [500, "failed"],
    [500, "failed"],
  ]);
  expect([await subscriptionsOf(shop), await entriesOf(shop)]).toEqual([0, []]);
  await takeRows();
  for (const replayed of ["false", "true"]) {
    for (const answer of [await create(), await adjust()]) {
      expect([answer.status, answer.headers.get("Idempotency-Replayed")]).toEqual([201, replayed]);
    }
  }
  expect([await subscriptionsOf(shop), (await entriesOf(shop)).length]).toEqual([1, 1]);
});

test("a refusal that may pass is decided anew", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  const body = { url: "http://127.0.0.1:9/hooks", events: ["points.earned"] };
  const { id } = (await ask("POST", SUBSCRIPTIONS, { body })).body.data;
  const rotate = () => ask("POST", `${SUBSCRIPTIONS}/${id}/rotate-secret`, { headers });
  await ask("POST", `${SUBSCRIPTIONS}/${id}/rotate-secret`);
  expect(codeOf(await rotate())).toEqual([409, "rotation_under_way"]);
  await ask("POST", `${SUBSCRIPTIONS}/${id}/rotate-secret/finish`);
  const answer = await rotate();
  expect([answer.status, answer.headers.get("Idempotency-Replayed")]).toEqual([200, "false"]);
});

test("a name that leads nowhere does not use up the key, a URL that is wrong as it stands does", async () => {
  const { ask } = await integrator(await growthShopWithProgram());
  const create = (url: string, key: string) =>
    ask("POST", SUBSCRIPTIONS, {
      body: { url, events: ["points.earned"] },
      headers: { "Idempotency-Key": key },
    });
  const nowhere = "https://nowhere.invalid/hooks";
  for (const answer of [await create(nowhere, "import-1"), await create(nowhere, "import-1")]) {
    expect(codeOf(answer)).toEqual([400, "url_unresolvable"]);
    expect(answer.headers.get("Idempotency-Replayed")).toBe("false");
  }
  expect((await create("http://127.0.0.1:9/hooks", "import-1")).status).toBe(201);
  expect(codeOf(await create("ftp://shop.example.com", "import-2"))[0]).toBe(400);
  expect(codeOf(await create(nowhere, "import-2"))).toEqual([409, "idempotency_key_reused"]);
});

async function shopWithTest() {
  const [shop, receiver] = [await growthShopWithProgram(), await endpoint()];
  const { ask } = await integrator(shop);
  const body = { url: receiver.url, events: ["points.earned"] };
  const { id } = (await ask("POST", SUBSCRIPTIONS, { body })).body.data;
  return { receiver, send: () => ask("POST", `${SUBSCRIPTIONS}/${id}/test`, { body: {}, headers }) };
}

test("a test that was sent is not sent again, where only its answer could not be kept", async () => {
  const clock = stopClock("2026-11-21T12:00:00Z");
  const { receiver, send } = await shopWithTest();
  await refuseAnswers();
  expect((await send()).body.data.attributes["delivered"]).toBe(true);
  await takeRows();
  expect(codeOf(await send())).toEqual([409, "idempotency_key_in_use"]);
  clock.advance(76_000);
  const later = await send();
  expect(codeOf(later)).toEqual([409, "idempotency_outcome_unknown"]);
  expect(later.body.errors[0]?.detail).toContain("GET /v1/deliveries");
  expect(receiver.received).toHaveLength(1);
});

test("a test that fails after it was sent is not sent again", async () => {
  const clock = stopClock("2026-11-21T12:00:00Z");
  const { receiver, send } = await shopWithTest();
  await refuseRows("attempt", "true");
  expect(codeOf(await send())).toEqual([500, "failed"]);
  await takeRows();
  clock.advance(76_000);
  expect(codeOf(await send())).toEqual([409, "idempotency_outcome_unknown"]);
  expect(receiver.received).toHaveLength(1);
});
