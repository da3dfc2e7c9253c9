// Who may ask, how fast, and what is answered to a request that does not read.
import { describe, expect, test } from "vitest";
import { answerApi } from "../../app/api/answer.server.ts";
import { BURST, REQUESTS_PER_SECOND } from "../../app/api/rate-limit.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { registry } from "../../app/platform/metrics.server.ts";
import { listApiKeys, revokeApiKey } from "../../app/shops/api-keys.server.ts";
import { sendCustomer } from "../orders/a-shop.ts";
import { stopClock } from "../support/clock.ts";
import "../support/database.ts";
import { askWith, growthShopWithProgram, integrator } from "./an-integrator.ts";
import { refuseRows } from "./refused-rows.ts";

const ENDPOINT = { url: "http://127.0.0.1:9/hooks", events: ["points.earned"] };
const YEAR_0 = Buffer.from('["0000-01-01T00:00:00.000Z","m",false]').toString("base64url");
const codes = ({ body }: { body: { errors: { code: string }[] } }) => body.errors.map(({ code }) => code);

describe("a key", () => {
  test("is asked for, and taken with or without Bearer", async () => {
    const { key } = await integrator(await growthShopWithProgram());
    const nobody = await askWith("GET", "/v1/customers", {});
    expect([nobody.status, codes(nobody)]).toEqual([401, ["api_key_missing"]]);
    expect(nobody.headers.get("WWW-Authenticate")).toBe("Bearer");
    for (const Authorization of [key, `Bearer ${key}`, `bearer ${key}`]) {
      expect((await askWith("GET", "/v1/customers", { headers: { Authorization } })).status).toBe(200);
    }
    const wrong = [
      `${key}x`,
      `${key.slice(0, -1)}${key.endsWith("A") ? "B" : "A"}`,
      "Basic dXNlcjpwYXNz",
      "Bearer",
    ];
    for (const Authorization of wrong) {
      expect((await askWith("GET", "/v1/customers", { headers: { Authorization } })).status).toBe(401);
    }
  });

  test("that was revoked is not known any more", async () => {
    const shop = await growthShopWithProgram();
    const { ask } = await integrator(shop);
    const [row] = await listApiKeys(shop);
    await revokeApiKey(shop, row?.id ?? "");
    expect(codes(await ask("GET", "/v1/customers"))).toEqual(["api_key_unknown"]);
  });

  test("may do what its areas say, and no more", async () => {
    const { ask } = await integrator(await growthShopWithProgram(), { customers: "read", webhooks: "full" });
    expect((await ask("GET", "/v1/customers")).status).toBe(200);
    const refused = await ask("POST", "/v1/customers/mem_1/points", { body: { adjustment: 1, note: "x" } });
    expect([refused.status, codes(refused)]).toEqual([403, ["api_key_may_not"]]);
    expect((await ask("GET", "/v1/events")).status).toBe(403);
    expect((await ask("GET", "/v1/webhook-subscriptions")).status).toBe(200);
  });

  test("waits where the plan fell below Growth, and reads only where the shop is frozen", async () => {
    const shop = await growthShopWithProgram();
    const { ask } = await integrator(shop);
    const change = (data: object) => inShop(shop, (tx) => tx.db.shop.update({ where: { id: shop }, data }));
    await change({ planStatus: "frozen" });
    expect((await ask("GET", "/v1/customers")).status).toBe(200);
    const body = { adjustment: 1, note: "x" };
    expect(codes(await ask("POST", "/v1/customers/mem_1/points", { body }))).toEqual(["shop_read_only"]);
    await change({ planStatus: "active", plan: "free", sendsWebhooks: false });
    const refused = await ask("GET", "/v1/customers");
    expect([refused.status, codes(refused)]).toEqual([403, ["plan_too_low"]]);
    await change({ plan: "growth", sendsWebhooks: true });
    expect((await ask("GET", "/v1/customers")).status).toBe(200);
  });

  test("never sees another shop", async () => {
    const [mine, theirs] = [await growthShopWithProgram(), await growthShopWithProgram()];
    await sendCustomer(theirs, { id: "71", email: "ada@example.com" });
    const { ask: asTheirs } = await integrator(theirs);
    const { ask } = await integrator(mine);
    const [ada] = (await asTheirs("GET", "/v1/customers")).body.data;
    const [event] = await inShop(theirs, (tx) => tx.db.event.findMany({ where: { shopId: theirs } }));
    expect((await ask("GET", "/v1/customers")).body.data).toEqual([]);
    expect((await ask("GET", "/v1/events")).body.data).toEqual([]);
    for (const path of [
      `/v1/customers/${ada?.id}`,
      "/v1/customers/71",
      "/v1/customers/ada@example.com",
      `/v1/events/${event?.id}`,
    ]) {
      expect((await ask("GET", path)).status).toBe(404);
    }
    const body = { adjustment: 5, note: "theirs" };
    expect((await ask("POST", `/v1/customers/${ada?.id}/points`, { body })).status).toBe(404);
  });
});

test("a key that asks too fast is told how long to wait, others are not held up", async () => {
  const clock = stopClock("2026-11-21T12:00:00Z");
  const shop = await growthShopWithProgram();
  const [hasty, calm] = [await integrator(shop), await integrator(shop)];
  for (let i = 1; i <= BURST; i += 1) {
    const { status, headers } = await hasty.ask("GET", "/v1/event-types");
    const told = ["Limit", "Remaining", "Reset"].map((name) => headers.get(`RateLimit-${name}`));
    const seconds = String(Math.ceil(i / REQUESTS_PER_SECOND));
    expect([status, ...told]).toEqual([200, String(BURST), String(BURST - i), seconds]);
  }
  const refused = await hasty.ask("GET", "/v1/event-types");
  expect([refused.status, codes(refused), refused.headers.get("Retry-After")]).toEqual([
    429,
    ["too_many_requests"],
    "1",
  ]);
  expect((await calm.ask("GET", "/v1/event-types")).status).toBe(200);
  clock.advance(1_000);
  for (let i = 0; i < REQUESTS_PER_SECOND; i += 1) {
    expect((await hasty.ask("GET", "/v1/event-types")).status).toBe(200);
  }
  expect((await hasty.ask("GET", "/v1/event-types")).status).toBe(429);
});

test("a failure of ours carries the pace like any answer, and is counted", async () => {
  const { ask } = await integrator(await growthShopWithProgram());
  await refuseRows("subscription", "true");
  const counted = async () =>
    /^laurel_api_requests_total\{operation="createWebhookSubscription",status="500"\} (\d+)$/m.exec(
      await registry.metrics(),
    )?.[1] ?? "0";
  const before = Number(await counted());
  const failed = await ask("POST", "/v1/webhook-subscriptions", { body: ENDPOINT });
  expect([failed.status, codes(failed)]).toEqual([500, ["failed"]]);
  expect(failed.headers.get("RateLimit-Remaining")).toBe(String(BURST - 1));
  expect(Number(await counted())).toBe(before + 1);
});

describe("a request that does not read", () => {
  test("says what is wrong at which place", async () => {
    const { ask } = await integrator(await growthShopWithProgram());
    const adjust = (body: unknown, headers: Record<string, string> = {}) =>
      ask("POST", "/v1/customers/mem_1/points", { body, headers });
    const answers = [
      await ask("GET", "/v1/nothing"),
      await ask("GET", "/v1/"),
      await ask("PUT", "/v1/customers"),
      await adjust("{"),
      await adjust("[".repeat(30_000) + "]".repeat(30_000)),
      await adjust({ adjustment: 1, note: "x" }, { "Content-Type": "text/plain" }),
      await adjust(`{"note":"${"x".repeat(70_000)}"}`),
      await adjust({ adjustment: 1.5, note: "x" }),
      await adjust({ adjustment: 1, note: "x", extra: true }),
      await adjust({ data: { attributes: { note: "x" } } }),
      await adjust("[]"),
      await adjust("null"),
      await ask("GET", "/v1/customers?page[size]=0"),
      await ask("GET", "/v1/customers?page[size]=101"),
      await ask("GET", "/v1/customers?limit=5"),
      await ask("GET", "/v1/customers?page[size]=5&page[size]=6"),
      await ask("GET", "/v1/customers?page[cursor]=nonsense"),
      await ask("GET", `/v1/customers?page[cursor]=${YEAR_0}`),
      await ask("GET", "/v1/customers?page[number]=500&page[size]=100"),
      await ask("GET", "/v1/customers/%E0%A4%A"),
      await adjust({ adjustment: 1, note: "x" }, { "Idempotency-Key": "two words" }),
    ];
    expect(answers.map((answer) => [answer.status, ...codes(answer), answer.body.errors[0]?.source])).toEqual(
      [
        [404, "path_unknown", undefined],
        [404, "path_unknown", undefined],
        [405, "method_not_allowed", undefined],
        [400, "body_not_json", undefined],
        [400, "body_too_deep", undefined],
        [415, "body_type_unknown", undefined],
        [413, "body_too_large", undefined],
        [400, "request_invalid", { pointer: "/adjustment" }],
        [400, "request_invalid", { pointer: "/extra" }],
        [400, "request_invalid", { pointer: "/data/attributes/adjustment" }],
        [400, "request_invalid", undefined],
        [400, "request_invalid", undefined],
        [400, "request_invalid", { parameter: "page[size]" }],
        [400, "request_invalid", { parameter: "page[size]" }],
        [400, "request_invalid", { parameter: "limit" }],
        [400, "request_invalid", { parameter: "page[size]" }],
        [400, "cursor_invalid", { parameter: "page[cursor]" }],
        [400, "cursor_invalid", { parameter: "page[cursor]" }],
        [400, "page_too_far", { parameter: "page[number]" }],
        [404, "member_unknown", undefined],
        [400, "request_invalid", { header: "Idempotency-Key" }],
      ],
    );
    expect(answers[2]?.headers.get("Allow")).toBe("GET");
  });

  test("says so in words that say what to send", async () => {
    const { ask } = await integrator(await growthShopWithProgram());
    const adjust = { body: { adjustment: "5", notes: "x", update_lifetime_points: 1 } };
    const { body } = await ask("POST", "/v1/customers/mem_1/points", adjust);
    expect(body.errors.map(({ source, detail }) => [source, detail])).toEqual([
      [{ pointer: "/adjustment" }, "It must be a number."],
      [{ pointer: "/note" }, "It is missing."],
      [{ pointer: "/update_lifetime_points" }, "It must be true or false."],
      [{ pointer: "/notes" }, "There is no such field here."],
    ]);
    const asked = "filter[state]=delivered,lost&filter[created_from]=2026-11-21&page[size]=500";
    expect((await ask("GET", `/v1/deliveries?${asked}`)).body.errors).toMatchObject([
      { source: { parameter: "page[size]" }, detail: "It must be at most 100." },
      {
        source: { parameter: "filter[state]" },
        detail: "It must be one of: pending, delivered, failed, cancelled, parked.",
      },
      { source: { parameter: "filter[created_from]" }, detail: "It must be a time as 2026-11-21T10:00:00Z." },
    ]);
  });

  test("names the field as it was sent, also where a use case refuses it", async () => {
    const { ask } = await integrator(await growthShopWithProgram());
    await ask("POST", "/v1/webhook-subscriptions", { body: ENDPOINT });
    const [subscription] = (await ask("GET", "/v1/webhook-subscriptions")).body.data;
    const at = `/v1/webhook-subscriptions/${subscription?.id}`;
    const sourceOf = async (method: string, path: string, body: object) =>
      (await ask(method, path, { body })).body.errors[0]?.source;
    const events = ["points.stolen"];
    expect(await sourceOf("POST", `${at}/test`, { event: "points.stolen" })).toEqual({ pointer: "/event" });
    expect(await sourceOf("PATCH", at, { events })).toEqual({ pointer: "/events" });
    expect(await sourceOf("PATCH", at, { data: { attributes: { events } } })).toEqual({
      pointer: "/data/attributes/events",
    });
    expect(await sourceOf("PATCH", at, { data: { attributes: { rate_per_second: 0 } } })).toEqual({
      pointer: "/data/attributes/rate_per_second",
    });
  });

  test("a text that cannot be stored is refused, and an address with a NUL", async () => {
    const { ask } = await integrator(await growthShopWithProgram());
    const body = { adjustment: 1, note: "a\0b" };
    expect((await ask("POST", "/v1/customers/mem_1/points", { body })).status).toBe(400);
    expect((await ask("GET", "/v1/customers/a%00b")).status).toBe(400);
  });

  test("HEAD is answered as GET", async () => {
    const { key } = await integrator(await growthShopWithProgram());
    const request = new Request("https://laurel.example/v1/customers", {
      method: "HEAD",
      headers: { Authorization: key },
    });
    expect((await answerApi(request)).status).toBe(200);
  });
});
