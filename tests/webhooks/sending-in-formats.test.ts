// Payload formats on the wire: the real engine, a real endpoint, the signatures that its receivers know.
import { createHash, createHmac } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { catalogueRow } from "../../app/events/catalogue.ts";
import type { EventData, EventType } from "../../app/events/catalogue.ts";
import { record } from "../../app/events/record.server.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { asCurl } from "../../app/webhooks/curl.ts";
import { findDelivery } from "../../app/webhooks/find-delivery.server.ts";
import { FORMAT_NAMES, FORMATS, offeredTypes, sayIn } from "../../app/webhooks/formats/formats.ts";
import { listDeliveries } from "../../app/webhooks/list-deliveries.server.ts";
import { openLoyaltyHeaders } from "../../app/webhooks/open-loyalty-signature.server.ts";
import { rotateSecret } from "../../app/webhooks/rotate-secret.server.ts";
import { createSubscription, editSubscription } from "../../app/webhooks/save-subscription.server.ts";
import { sendTest } from "../../app/webhooks/send-test.server.ts";
import { mageSignature, signingKey } from "../../app/webhooks/signature.server.ts";
import "../support/database.ts";
import type { Received } from "../support/receiver.ts";
import {
  deliveriesOf,
  endpoint,
  engine,
  eventually,
  growthShop,
  statesOf,
  subscribe,
} from "./shop-with-endpoint.ts";

/** Records the example of each type. */
function happened(shopId: ShopId, types: readonly EventType[]): Promise<void> {
  return inShop(shopId, (tx) => {
    for (const type of types) {
      const data = catalogueRow(type).example as EventData<EventType>;
      record(tx, { type, memberId: null, occurredAt: now(), data });
    }
    return Promise.resolve();
  });
}

async function storedEvents(shopId: ShopId): Promise<Map<string, { type: string; body: string }>> {
  const events = await inShop(shopId, (tx) => tx.db.event.findMany({ where: { shopId } }));
  return new Map(events.map(({ id, type, body }) => [id, { type, body: body ?? "" }]));
}

const header = ({ headers }: Received, name: string) => String(headers[name]);

function standardVerifies(secret: string, { body, headers }: Received): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}

const mageVerifies = (secret: string, request: Received) =>
  header(request, "x-webhook-signature") ===
  mageSignature(signingKey(secret), header(request, "x-webhook-timestamp"), request.body);

/** Open Loyalty's check as its documentation tells it, written for a receiver that knows nothing of Laurel. */
function openLoyaltyVerifies(secret: string, request: Received, name = "x-webhook-signature"): boolean {
  const [host, timestamp] = [header(request, "host"), header(request, "x-webhook-timestamp")];
  if (Math.abs(new Date().getTime() / 1000 - Number(timestamp)) > 300) return false;
  const digest = createHash("sha256").update(request.body).digest("hex");
  const requestId = header(request, "x-webhook-request-id");
  const canonical = `POST\n${host.length}:${host}\n${request.path.length}:${request.path}\n${digest}\n${timestamp}\n${requestId}`;
  const key = secret.replace(/^whsec_/, "");
  return createHmac("sha256", key).update(canonical).digest("hex") === header(request, name);
}

describe.each(FORMAT_NAMES)("a subscription in %s", (format) => {
  test("gets every event that it may ask for, in the format's bytes and media type, signed", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const eventTypes = offeredTypes(format);
    const { secret } = await subscribe(shopId, receiver.url, { format, eventTypes });
    // Everything happens; what was not asked for, nobody is owed.
    await happened(shopId, offeredTypes("laurel"));
    engine();
    await receiver.waitFor(eventTypes.length);
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: eventTypes.length }));
    const events = await storedEvents(shopId);
    expect(receiver.received.map((request) => header(request, "x-webhook-event")).toSorted()).toEqual(
      eventTypes.toSorted(),
    );
    for (const request of receiver.received) {
      const event = events.get(header(request, "webhook-id"));
      expect(request.body.toString()).toBe(sayIn(format, event?.type ?? "", event?.body ?? "")?.body);
      expect(header(request, "content-type")).toBe(FORMATS[format].contentType);
      expect(standardVerifies(secret, request)).toBe(true);
      const itsOwn = format === "open-loyalty" ? openLoyaltyVerifies : mageVerifies;
      expect(itsOwn(secret, request)).toBe(true);
    }
  });

  test("gets the same bytes and id again after a failure, and its screen shows what was sent", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url, { format, eventTypes: ["member.created"] });
    receiver.nextAnswers({ status: 500 });
    await happened(shopId, ["member.created"]);
    engine();
    const [first, second] = await receiver.waitFor(2);
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers["webhook-id"]).toBe(first?.headers["webhook-id"]);
    expect(second?.headers["x-webhook-request-id"]).toBe(first?.headers["x-webhook-request-id"]);
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ delivered: 1 }));
    const page = await listDeliveries(shopId, {});
    const details = await findDelivery(shopId, (page.ok && page.value.deliveries[0]?.id) || "");
    expect(details).toMatchObject({ format, body: first?.body.toString() });
    const shown = details?.list[0]?.request;
    for (const [name, value] of Object.entries(shown?.headers ?? {})) {
      expect([name, value]).toEqual([name, first?.headers[name.toLowerCase()]]);
    }
    expect(shown && asCurl(shown)).toContain(first?.body.toString().replaceAll("'", `'\\''`));
  });

  test("can be tested, and the request says that it is a test", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const { id, secret } = await subscribe(shopId, receiver.url, { format, eventTypes: ["member.created"] });
    expect(await sendTest(shopId, id, "member.created")).toMatchObject({ value: { delivered: true } });
    expect(await sendTest(shopId, id, "test")).toMatchObject({ value: { delivered: true } });
    for (const request of receiver.received) {
      expect(standardVerifies(secret, request)).toBe(true);
      if (format === "laurel") expect(request.json()).toHaveProperty("test", true);
      else expect(request.headers["x-webhook-test"]).toBe("true");
    }
    const inLog = await listDeliveries(shopId, {});
    expect(inLog.ok && inLog.value.deliveries.map((delivery) => delivery.format)).toEqual([format, format]);
  });
});

describe("an event that the format does not have", () => {
  test("is refused when a subscription is created, edited or tested", async () => {
    const shopId = await growthShop();
    const url = "http://127.0.0.1:9/";
    const rest = { url, description: "", headers: [], ratePerSecond: null };
    const refused = {
      ok: false,
      refusal: "event_type_not_in_format",
      field: "eventTypes",
      detail: "points.earned",
    };
    const wrong = { ...rest, format: "qurable", eventTypes: ["member.created", "points.earned"] };
    expect(await createSubscription(shopId, wrong)).toEqual(refused);
    const { id } = await subscribe(shopId, url, { format: "qurable", eventTypes: ["member.created"] });
    expect(await editSubscription(shopId, id, null, wrong)).toEqual(refused);
    expect(await sendTest(shopId, id, "points.earned")).toMatchObject({
      refusal: "event_type_not_in_format",
    });
    expect(await deliveriesOf(shopId)).toEqual([]);
  });

  test("is set aside with its reason, should a delivery of it be there all the same", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    await subscribe(shopId, receiver.url, { eventTypes: ["points.earned", "member.created"] });
    await happened(shopId, ["points.earned", "member.created"]);
    await inShop(shopId, (tx) =>
      tx.db.delivery.updateMany({ where: { shopId }, data: { format: "qurable" } }),
    );
    engine();
    await eventually(async () => expect(await statesOf(shopId)).toEqual({ parked: 1, delivered: 1 }));
    const parked = (await deliveriesOf(shopId)).find(({ state }) => state === "parked");
    expect(parked).toMatchObject({ reason: "not_in_format", attempts: 0 });
  });
});

test("a change of format is for events from then on: what is owed keeps its bytes", async () => {
  const [shopId, receiver] = [await growthShop(), await endpoint()];
  const rest = { url: receiver.url, description: "", headers: [], ratePerSecond: null };
  const eventTypes = ["member.created"];
  const { id } = await subscribe(shopId, receiver.url, { format: "masivo", eventTypes });
  await happened(shopId, ["member.created"]);
  expect(await editSubscription(shopId, id, null, { ...rest, format: "qurable", eventTypes })).toMatchObject({
    ok: true,
  });
  await happened(shopId, ["member.created"]);
  engine();
  await receiver.waitFor(2);
  const bodies = receiver.received.map((request) => request.json());
  expect(bodies).toContainEqual(expect.objectContaining({ event: "CUSTOMER_REGISTRATION" }));
  expect(bodies).toContainEqual({
    event: expect.objectContaining({ eventType: "member-created" }) as unknown,
  });
});

describe("Open Loyalty's five headers", () => {
  test("are those of its documentation", () => {
    const keys = { current: signingKey(`whsec_${"ab".repeat(32)}`), next: null };
    const message = {
      id: "evt_01JD8Q2ZC4K6M8P0R2T4V6X8Z4",
      url: new URL("https://example.com/webhooks?from=laurel"),
      body: Buffer.from('{"type":"Test","data":{"message":"hello"}}'),
      at: new Date("2026-11-01T19:00:00.500Z"),
    };
    const canonical = [
      "POST",
      "11:example.com",
      "9:/webhooks",
      createHash("sha256").update(message.body).digest("hex"),
      "1793559600",
      "01935171-7d84-79a8-8b03-02d1366ea3e4",
    ];
    expect(openLoyaltyHeaders(keys, message)).toEqual({
      "X-Webhook-Signature": createHmac("sha256", "ab".repeat(32)).update(canonical.join("\n")).digest("hex"),
      "X-Webhook-Signature-Algorithm": "hmac-sha256",
      "X-Webhook-Signature-Version": "1",
      "X-Webhook-Timestamp": "1793559600",
      "X-Webhook-Request-Id": "01935171-7d84-79a8-8b03-02d1366ea3e4",
    });
  });

  test("let both secrets verify while one replaces the other", async () => {
    const [shopId, receiver] = [await growthShop(), await endpoint()];
    const eventTypes = ["member.created"];
    const { id, secret } = await subscribe(shopId, receiver.url, { format: "open-loyalty", eventTypes });
    const rotation = await rotateSecret(shopId, id);
    if (!rotation.ok) throw new Error(rotation.refusal);
    await happened(shopId, ["member.created"]);
    engine();
    const [request] = await receiver.waitFor(1);
    if (request === undefined) throw new Error("nothing came");
    expect(openLoyaltyVerifies(secret, request)).toBe(true);
    expect(openLoyaltyVerifies(rotation.value.secret, request, "x-webhook-signature-next")).toBe(true);
    expect(standardVerifies(secret, request) && standardVerifies(rotation.value.secret, request)).toBe(true);
  });
});
