// Every operation is carried out, by who may; a reader's key changes nothing, and another shop finds nothing.
import { expect, test } from "vitest";
import { OPERATIONS } from "../../app/api/operations.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { sendCustomer } from "../orders/a-shop.ts";
import "../support/database.ts";
import { endpoint, engine, eventually, owe, statesOf } from "../webhooks/shop-with-endpoint.ts";
import {
  growthShopWithProgram,
  integrator,
  operationsCarriedOut,
  operationsDescribed,
} from "./an-integrator.ts";
import type { Answer, Ask } from "./an-integrator.ts";

const at = "/v1/webhook-subscriptions";
const codeOf = ({ status, body }: Answer) => [status, body.errors[0]?.code];

async function shopWithEndpoint() {
  const [shop, receiver] = [await growthShopWithProgram(), await endpoint()];
  const { ask } = await integrator(shop);
  const body = { url: receiver.url, events: ["order.recorded"] };
  const { id } = (await ask("POST", at, { body })).body.data;
  return { shop, receiver, ask, id };
}

/** The endpoint refuses so many events until they are given up; then nothing is sent any more. */
async function failMany({ shop, receiver }: Awaited<ReturnType<typeof shopWithEndpoint>>, count: number) {
  const { stop } = engine({ schedule: [0.05] });
  receiver.usualAnswer({ status: 500 });
  await owe(shop, count);
  await eventually(async () => expect(await statesOf(shop)).toEqual({ failed: count }));
  await stop();
}

async function customersAndEvents(shop: ShopId, ask: Ask): Promise<void> {
  await sendCustomer(shop, { id: "71", email: "ada@example.com" });
  expect((await ask("GET", "/v1/customers")).body.data).toHaveLength(1);
  expect((await ask("GET", "/v1/customers/71")).status).toBe(200);
  const body = { adjustment: 5, note: "Welcome" };
  expect((await ask("POST", "/v1/customers/71/points", { body })).status).toBe(201);
  await eventually(async () =>
    expect((await ask("GET", "/v1/events?page[size]=1")).body.data).toHaveLength(1),
  );
  const [event] = (await ask("GET", "/v1/events?page[size]=1")).body.data;
  expect((await ask("GET", `/v1/events/${event?.id}`)).body.data).toEqual(event);
  expect((await ask("GET", "/v1/event-types")).status).toBe(200);
}

async function switchesAndSecrets(ask: Ask, id: string): Promise<void> {
  const told = async (verb: string) => (await ask("POST", `${at}/${id}/${verb}`)).body.data.attributes;
  expect(await told("pause")).toMatchObject({ state: "paused", is_active: false });
  expect(await told("disable")).toMatchObject({ state: "disabled", disabled_reason: "merchant" });
  expect(await told("enable")).toMatchObject({ state: "enabled", is_active: true });
  const first = await told("rotate-secret");
  expect(await told("rotate-secret/cancel")).toMatchObject({ rotation_ends_at: null });
  const second = await told("rotate-secret");
  expect(second["secret"]).not.toBe(first["secret"]);
  expect(await told("rotate-secret/finish")).toMatchObject({ rotation_ends_at: null });
  expect((await ask("PATCH", `${at}/${id}`, { body: { description: "Warehouse" } })).status).toBe(200);
  expect((await ask("GET", `${at}/${id}`)).body.data.attributes["description"]).toBe("Warehouse");
  expect((await ask("POST", `${at}/${id}/test`, { body: {} })).status).toBe(200);
}

test("every operation of the document is carried out", async () => {
  const sold = await shopWithEndpoint();
  const { shop, receiver, id } = sold;
  const [{ ask }, { ask: askAgain }] = [await integrator(shop), await integrator(shop)];
  await customersAndEvents(shop, ask);
  await failMany(sold, 3);
  receiver.usualAnswer({ status: 200 });
  const listed = await ask("GET", "/v1/deliveries?filter[state]=failed");
  const [one, two] = listed.body.data;
  expect((await ask("GET", `/v1/deliveries/${one?.id}`)).status).toBe(200);
  const since = { failed_since: "2026-01-01T00:00:00Z", subscription_id: id };
  const begun = await askAgain("POST", "/v1/replays", { body: since });
  expect(begun.body.data.attributes).toMatchObject({ total: 3, waiting: 3, subscription_id: id });
  expect((await askAgain("GET", `/v1/replays/${begun.body.data.id}`)).body).toEqual(begun.body);
  const stopped = await askAgain("POST", `/v1/replays/${begun.body.data.id}/stop`);
  expect(stopped.body.data.attributes).toMatchObject({ state: "stopped", waiting: 0, left: 3 });
  expect(await statesOf(shop)).toEqual({ failed: 3 });
  expect((await askAgain("POST", `/v1/deliveries/${one?.id}/replay`)).body.meta["replayed"]).toBe(1);
  const chosen = { delivery_ids: [two?.id] };
  expect((await askAgain("POST", "/v1/deliveries/replay", { body: chosen })).body.meta["replayed"]).toBe(1);
  await switchesAndSecrets(askAgain, id);
  expect((await askAgain("GET", at)).body.data).toHaveLength(1);
  expect((await askAgain("DELETE", `${at}/${id}`)).body.meta).toEqual({ cancelled: 2 });
  expect(operationsCarriedOut()).toEqual(operationsDescribed());
});

test("while it is disabled new events owe it nothing; a cancelled rotation's secret signs nothing", async () => {
  const { shop, receiver, ask, id } = await shopWithEndpoint();
  await ask("POST", `${at}/${id}/disable`);
  await owe(shop, 1);
  expect(await statesOf(shop)).toEqual({});
  await ask("POST", `${at}/${id}/enable`);
  await ask("POST", `${at}/${id}/rotate-secret`);
  await ask("POST", `${at}/${id}/rotate-secret/cancel`);
  await ask("POST", `${at}/${id}/test`, { body: {} });
  const [request] = await receiver.waitFor(1);
  expect(String(request?.headers["webhook-signature"]).split(" ")).toHaveLength(1);
});

/** What each write is asked with; its key is refused before its address is looked at. */
const BODIES: Readonly<Record<string, object>> = {
  adjustPoints: { adjustment: 1, note: "x" },
  createWebhookSubscription: { url: "http://127.0.0.1:9/hooks", events: ["points.earned"] },
  updateWebhookSubscription: { description: "x" },
  testWebhookSubscription: {},
  replayDeliveries: { delivery_ids: ["dlv_x"] },
  startReplay: { failed_since: "2026-01-01T00:00:00Z" },
};

test("a key that may only read changes nothing, whatever the operation", async () => {
  const shop = await growthShopWithProgram();
  const scopes = { customers: "read", events: "read", webhooks: "read" } as const;
  const { ask } = await integrator(shop, scopes);
  for (const { id, method, path } of OPERATIONS.filter(({ access }) => access === "full")) {
    const body = BODIES[id];
    const answer = await ask(method, path.replace("{id}", "x"), body === undefined ? {} : { body });
    expect(codeOf(answer), id).toEqual([403, "api_key_may_not"]);
  }
});

test("another shop's deliveries and replays are unknown", async () => {
  const theirs = await shopWithEndpoint();
  await failMany(theirs, 1);
  const [delivery] = (await theirs.ask("GET", "/v1/deliveries")).body.data;
  const body = { failed_since: "2026-01-01T00:00:00Z" };
  const replay = (await theirs.ask("POST", "/v1/replays", { body })).body.data;
  const { ask } = await integrator(await growthShopWithProgram());
  for (const [method, path, code] of [
    ["GET", `/v1/deliveries/${delivery?.id}`, "delivery_unknown"],
    ["POST", `/v1/deliveries/${delivery?.id}/replay`, "delivery_unknown"],
    ["GET", `/v1/replays/${replay.id}`, "replay_unknown"],
    ["POST", `/v1/replays/${replay.id}/stop`, "replay_unknown"],
  ] as const) {
    expect(codeOf(await ask(method, path)), path).toEqual([404, code]);
  }
  const chosen = await ask("POST", "/v1/deliveries/replay", { body: { delivery_ids: [delivery?.id] } });
  expect(chosen.body.meta).toEqual({ replayed: 0, skipped: 1 });
  const ofTheirs = { ...body, subscription_id: theirs.id };
  expect(codeOf(await ask("POST", "/v1/replays", { body: ofTheirs }))).toEqual([404, "subscription_unknown"]);
  expect((await ask("GET", `/v1/deliveries?filter[subscription_id]=${theirs.id}`)).body.data).toEqual([]);
});
