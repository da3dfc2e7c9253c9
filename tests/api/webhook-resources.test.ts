// /v1/webhook-subscriptions, /v1/deliveries and /v1/replays: a merchant's integrator works without the screens.
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { inShop } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { readHeaders } from "../../app/webhooks/list-subscriptions.server.ts";
import "../support/database.ts";
import { endpoint, engine, eventually, loseKey, owe } from "../webhooks/shop-with-endpoint.ts";
import { growthShopWithProgram, integrator } from "./an-integrator.ts";
import type { Answer, Ask } from "./an-integrator.ts";

const at = "/v1/webhook-subscriptions";
/** Nothing listens there; the switch for loopback hosts lets it be saved without a look at DNS. */
const ELSEWHERE = "http://127.0.0.1:9/hooks";

const create = (ask: Ask, url: string, more: object = {}) =>
  ask("POST", at, { body: { url, events: ["order.recorded"], ...more } });
const codeOf = ({ status, body }: Answer) => [status, body.errors[0]?.code];

async function shopWithEndpoint() {
  const [shop, receiver] = [await growthShopWithProgram(), await endpoint()];
  engine({ schedule: [0.05] });
  const { ask } = await integrator(shop);
  const { data } = (await create(ask, receiver.url)).body;
  return { shop, receiver, ask, id: data.id, secret: String(data.attributes["secret"]) };
}

describe("a subscription", () => {
  test("is created with its secret shown once, and what it gets verifies with it", async () => {
    const { shop, receiver, ask, id, secret } = await shopWithEndpoint();
    expect(secret).toMatch(/^whsec_/);
    const shown = await ask("GET", `${at}/${id}`);
    expect(JSON.stringify(shown.body)).not.toContain(secret);
    expect(shown.body.data.attributes).toMatchObject({
      url: receiver.url,
      events: ["order.recorded"],
      is_active: true,
      state: "enabled",
      format: "laurel",
      header_names: [],
    });
    await owe(shop, 1);
    const [request] = await receiver.waitFor(1);
    expect(() =>
      new Webhook(secret).verify(request?.body ?? "", request?.headers as Record<string, string>),
    ).not.toThrow();
  });

  test("is listed, filtered by state, and sorted", async () => {
    const { ask, id } = await shopWithEndpoint();
    const second = (await create(ask, ELSEWHERE)).body.data.id;
    await ask("POST", `${at}/${second}/pause`);
    const ids = async (query: string) => (await ask("GET", `${at}${query}`)).body.data.map((row) => row.id);
    expect(await ids("")).toEqual([id, second]);
    expect(await ids("?sort=-created_at")).toEqual([second, id]);
    expect(await ids("?filter[state]=paused")).toEqual([second]);
  });

  test("is changed in part, switched, and deleted", async () => {
    const { ask, id, receiver, shop } = await shopWithEndpoint();
    const headers = { "X-Api-Key": "value-of-the-header" };
    const body = { description: "Warehouse", headers, rate_per_second: 20, events: ["points.earned"] };
    const changed = (await ask("PATCH", `${at}/${id}`, { body })).body.data.attributes;
    expect(changed).toMatchObject({
      url: receiver.url,
      description: "Warehouse",
      header_names: ["X-Api-Key"],
      rate_per_second: 20,
      events: ["points.earned"],
    });
    expect(JSON.stringify(changed)).not.toContain("value-of-the-header");
    const kept = (await ask("PATCH", `${at}/${id}`, { body: { description: "Kept" } })).body.data.attributes;
    expect(kept).toMatchObject({ header_names: ["X-Api-Key"], rate_per_second: 20 });
    expect(await readHeaders(shop, id)).toEqual(headers);
    const off = await ask("PATCH", `${at}/${id}`, { body: { is_active: false } });
    expect(off.body.data.attributes).toMatchObject({ is_active: false, state: "disabled" });
    expect((await ask("POST", `${at}/${id}/enable`)).body.data.attributes["state"]).toBe("enabled");
    expect((await ask("DELETE", `${at}/${id}`)).body.meta).toEqual({ cancelled: 0 });
    expect(codeOf(await ask("GET", `${at}/${id}`))).toEqual([404, "subscription_unknown"]);
    expect(codeOf(await ask("DELETE", `${at}/${id}`))).toEqual([404, "subscription_unknown"]);
  });

  test("has its secret rotated with overlap, finished or cancelled", async () => {
    const { shop, receiver, ask, id, secret } = await shopWithEndpoint();
    const rotated = (await ask("POST", `${at}/${id}/rotate-secret`)).body.data.attributes;
    expect(rotated["rotation_ends_at"]).not.toBeNull();
    expect(codeOf(await ask("POST", `${at}/${id}/rotate-secret`))).toEqual([409, "rotation_under_way"]);
    await owe(shop, 1);
    const [request] = await receiver.waitFor(1);
    for (const key of [secret, String(rotated["secret"])]) {
      expect(() =>
        new Webhook(key).verify(request?.body ?? "", request?.headers as Record<string, string>),
      ).not.toThrow();
    }
    const finished = await ask("POST", `${at}/${id}/rotate-secret/finish`);
    expect(finished.body.data.attributes["rotation_ends_at"]).toBeNull();
    expect(codeOf(await ask("POST", `${at}/${id}/rotate-secret/cancel`))).toEqual([
      409,
      "rotation_not_under_way",
    ]);
  });

  test("whose secret cannot be opened gets one that signs alone, and is told no end of a rotation", async () => {
    const { shop, receiver, ask, id } = await shopWithEndpoint();
    await loseKey(shop, id);
    const { secret, rotation_ends_at } = (await ask("POST", `${at}/${id}/rotate-secret`)).body.data
      .attributes;
    expect(rotation_ends_at).toBeNull();
    await owe(shop, 1);
    const [request] = await receiver.waitFor(1);
    expect(request?.headers).not.toHaveProperty("x-webhook-signature-next");
    expect(() =>
      new Webhook(String(secret)).verify(request?.body ?? "", request?.headers as Record<string, string>),
    ).not.toThrow();
    expect(codeOf(await ask("POST", `${at}/${id}/rotate-secret/finish`))).toEqual([
      409,
      "rotation_not_under_way",
    ]);
  });

  test("is tested with any event type's example, and the endpoint's answer is told", async () => {
    const { receiver, ask, id } = await shopWithEndpoint();
    receiver.nextAnswers({ status: 418, body: "short and stout" });
    const { attributes } = (await ask("POST", `${at}/${id}/test`, { body: { event: "points.earned" } })).body
      .data;
    expect(attributes).toMatchObject({ delivered: false, status: 418, answer: "short and stout" });
    expect((await ask("POST", `${at}/${id}/test`, { body: {} })).body.data.attributes["delivered"]).toBe(
      true,
    );
    expect(receiver.received.map(({ json }) => (json() as { test: boolean }).test)).toEqual([true, true]);
  });

  test("is tested three times at once; a fourth is asked to wait, and its key is not used up", async () => {
    const { receiver, ask, id } = await shopWithEndpoint();
    const gate = Promise.withResolvers<void>();
    receiver.usualAnswer(async (_request, response) => {
      await gate.promise;
      response.writeHead(200).end();
    });
    const headers = { "Idempotency-Key": "test-4" };
    const three = [1, 2, 3].map(() => ask("POST", `${at}/${id}/test`, { body: {} }));
    await receiver.waitFor(3);
    const fourth = await ask("POST", `${at}/${id}/test`, { body: {}, headers });
    expect(codeOf(fourth)).toEqual([429, "tests_too_many"]);
    expect(fourth.headers.get("Retry-After")).toBe("1");
    gate.resolve();
    await Promise.all(three);
    expect((await ask("POST", `${at}/${id}/test`, { body: {}, headers })).status).toBe(200);
  });

  test("retried with its key is created once, and the secret told again", async () => {
    const { ask } = await integrator(await growthShopWithProgram());
    const send = () =>
      ask("POST", at, {
        body: { url: ELSEWHERE, events: ["points.earned"] },
        headers: { "Idempotency-Key": "create-1" },
      });
    const [first, second] = [await send(), await send()];
    expect(second.headers.get("Idempotency-Replayed")).toBe("true");
    expect(second.body).toEqual(first.body);
    expect((await ask("GET", at)).body.data).toHaveLength(1);
  });

  test("an answer that tells a secret is kept sealed", async () => {
    const shop = await growthShopWithProgram();
    const { ask } = await integrator(shop);
    const { body } = await ask("POST", at, {
      body: { url: ELSEWHERE, events: ["points.earned"] },
      headers: { "Idempotency-Key": "k" },
    });
    const kept = await inShop(shop, (tx) => tx.db.idempotentAnswer.findMany({ where: { shopId: shop } }));
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain(String(body.data.attributes["secret"]));
    expect(JSON.stringify(kept)).not.toContain(ELSEWHERE);
  });

  test.each([
    [{ url: "http://example.com/h" }, "url_not_https"],
    [{ url: "https://10.0.0.1/h" }, "url_host_refused"],
    [{ url: "https://user:word@example.com/h" }, "url_has_credentials"],
    [{ events: [] }, "event_types_missing"],
    [{ events: ["points.stolen"] }, "event_type_unknown"],
    [{ events: ["test"] }, "event_type_unknown"],
    [{ format: "qurable" }, "event_type_not_in_format"],
    [{ headers: { Host: "x" } }, "header_name_reserved"],
    [{ headers: { "X-A": "a\r\nX-B: b" } }, "header_value_invalid"],
    [{ rate_per_second: 0 }, "rate_invalid"],
  ])("refuses %j", async (wrong, code) => {
    const { ask } = await integrator(await growthShopWithProgram());
    const body = { url: ELSEWHERE, events: ["points.earned"], ...wrong };
    expect(codeOf(await ask("POST", at, { body }))).toEqual([400, code]);
  });

  test("of another shop is unknown, whatever is asked of it", async () => {
    const { id } = await shopWithEndpoint();
    const { ask } = await integrator(await growthShopWithProgram());
    const asked: [string, string, object?][] = [
      ["GET", ""],
      ["PATCH", "", { description: "x" }],
      ["DELETE", ""],
      ["POST", "/enable"],
      ["POST", "/rotate-secret"],
      ["POST", "/test", {}],
    ];
    for (const [method, path, body] of asked) {
      const answer = await ask(method, `${at}/${id}${path}`, body === undefined ? {} : { body });
      expect(codeOf(answer), `${method} ${path}`).toEqual([404, "subscription_unknown"]);
    }
  });
});

const listed = (shop: ShopId) => inShop(shop, (tx) => tx.db.delivery.findMany({ where: { shopId: shop } }));

/** Waits on the database, not on the API: a key has its pace. */
const settled = (shop: ShopId, count: number, inState: string) =>
  eventually(async () =>
    expect((await listed(shop)).filter(({ state }) => state === inState)).toHaveLength(count),
  );

describe("deliveries", () => {
  test("are listed with filters and pages, and one shows its attempts and body", async () => {
    const { shop, ask, receiver, id } = await shopWithEndpoint();
    await owe(shop, 3);
    await receiver.waitFor(3);
    await settled(shop, 3, "delivered");
    const first = await ask("GET", `/v1/deliveries?filter[subscription_id]=${id}&page[size]=2`);
    const second = await ask("GET", first.body.links.next ?? "");
    expect([first.body.data.length, second.body.data.length]).toEqual([2, 1]);
    expect((await ask("GET", second.body.links.prev ?? "")).body.data).toEqual(first.body.data);
    const [newest] = first.body.data;
    expect(
      (await ask("GET", `/v1/deliveries?filter[event_id]=${String(newest?.attributes["event_id"])}`)).body
        .data,
    ).toEqual([newest]);
    expect((await ask("GET", "/v1/deliveries?filter[event]=points.earned")).body.data).toEqual([]);
    expect((await ask("GET", "/v1/deliveries?filter[created_until]=2026-01-01T00:00:00Z")).body.data).toEqual(
      [],
    );
    const whole = (await ask("GET", `/v1/deliveries/${newest?.id}`)).body.data.attributes;
    expect(whole).toMatchObject({
      state: "delivered",
      attempts: 1,
      attempt_log: [{ number: 1, status: 200 }],
    });
    expect(JSON.parse(String(whole["body"]))).toMatchObject({ event: "order.recorded" });
  });

  test("that failed are sent again: one, chosen ones, or all since a time with progress", async () => {
    const { shop, ask, receiver } = await shopWithEndpoint();
    receiver.usualAnswer({ status: 500 });
    await owe(shop, 4);
    await settled(shop, 4, "failed");
    const failed = await ask("GET", "/v1/deliveries?filter[state]=failed");
    expect(failed.body.data).toHaveLength(4);
    const [one, two] = failed.body.data;
    receiver.usualAnswer({ status: 200 });
    expect((await ask("POST", `/v1/deliveries/${one?.id}/replay`)).status).toBe(202);
    await settled(shop, 1, "delivered");
    const chosen = await ask("POST", "/v1/deliveries/replay", {
      body: { delivery_ids: [two?.id, "dlv_unknown"] },
    });
    expect([chosen.status, chosen.body.meta["replayed"]]).toEqual([202, 1]);
    await settled(shop, 2, "delivered");
    const begun = await ask("POST", "/v1/replays", { body: { failed_since: "2026-01-01T00:00:00Z" } });
    expect([begun.status, begun.body.data.attributes["total"]]).toEqual([202, 2]);
    await settled(shop, 4, "delivered");
    const { attributes } = (await ask("GET", `/v1/replays/${begun.body.data.id}`)).body.data;
    expect(attributes).toMatchObject({ delivered: 2, waiting: 0 });
  });

  test("what is unknown or does not read is refused", async () => {
    const { ask } = await integrator(await growthShopWithProgram());
    expect(codeOf(await ask("GET", "/v1/deliveries/dlv_x"))).toEqual([404, "delivery_unknown"]);
    expect(codeOf(await ask("POST", "/v1/deliveries/dlv_x/replay"))).toEqual([404, "delivery_unknown"]);
    expect(codeOf(await ask("GET", "/v1/replays/rpl_x"))).toEqual([404, "replay_unknown"]);
    const elsewhere = { failed_since: "2026-01-01T00:00:00Z", subscription_id: "whsub_x" };
    expect(codeOf(await ask("POST", "/v1/replays", { body: elsewhere }))).toEqual([
      404,
      "subscription_unknown",
    ]);
    expect(codeOf(await ask("GET", "/v1/deliveries?filter[state]=lost"))).toEqual([400, "request_invalid"]);
    expect(codeOf(await ask("POST", "/v1/deliveries/replay", { body: { delivery_ids: [] } }))).toEqual([
      400,
      "request_invalid",
    ]);
    expect(codeOf(await ask("POST", "/v1/replays", { body: { failed_since: "yesterday" } }))).toEqual([
      400,
      "request_invalid",
    ]);
  });
});
