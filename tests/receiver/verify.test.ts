// The receiver that the project exports: what it accepts, as what, and what it says no to.
import { verify } from "laurel-loyalty/receiver";
import type { EventData, EventType, LaurelEvent } from "laurel-loyalty/receiver";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { describe, expect, expectTypeOf, test } from "vitest";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import type { EventData as CatalogueData, EventType as CatalogueType } from "../../app/events/catalogue.ts";
import { exampleEnvelope } from "../../app/events/envelope.ts";
import { FORMAT_NAMES, sayIn } from "../../app/webhooks/formats/formats.ts";
import { newSecret } from "../../app/webhooks/signature.server.ts";
import { MAGE_HEADERS, onlyWith, signed, signedBytes, STANDARD_HEADERS } from "./signed.ts";

const secret = newSecret();
const EARNED = exampleEnvelope("points.earned");
const no = (refusal: string) => ({ ok: false, refusal });

describe("what it tells", () => {
  test.each(EVENT_TYPES)("is the event that was sent: %s", async (type) => {
    const event = exampleEnvelope(type);
    expect(await verify(signed(event, secret), secret)).toEqual({ ok: true, event });
  });

  test("has the types of the catalogue, told apart by `event`", () => {
    expectTypeOf<EventType>().toEqualTypeOf<CatalogueType>();
    expectTypeOf<EventData>().toEqualTypeOf<{ [Type in CatalogueType]: CatalogueData<Type> }>();
    expectTypeOf<Extract<LaurelEvent, { event: "points.earned" }>["data"]["points_earned"]>().toBeNumber();
  });

  test("keeps fields that it does not know", async () => {
    const event = { ...EARNED, tomorrow: 1 };
    expect(await verify(signed(event, secret), secret)).toEqual({ ok: true, event });
  });
});

describe("a request", () => {
  const { headers, body } = signed({ ...EARNED, shop: "grüße-🌿" }, secret);
  const lower = Object.entries(headers).map(
    ([name, value]) => [name.toLowerCase(), value] as [string, string],
  );
  const shapes = {
    "the web's own": new Request("https://shop.example/hooks", { method: "POST", headers, body }),
    "with text": { headers, body },
    "with bytes": { headers, body: new TextEncoder().encode(body) },
    "with a Buffer and Node's headers": { headers: Object.fromEntries(lower), body: Buffer.from(body) },
    "with Headers": { headers: new Headers(headers), body },
    "with names in capitals": {
      headers: Object.fromEntries(lower.map(([name, value]) => [name.toUpperCase(), value])),
      body,
    },
    "with headers that are not there": { headers: { ...headers, cookie: undefined, via: ["a", "b"] }, body },
  };

  test.each(Object.entries(shapes))("is taken %s", async (_, request) => {
    expect(await verify(request, secret)).toMatchObject({ ok: true, event: { shop: "grüße-🌿" } });
  });

  test.each([MAGE_HEADERS, STANDARD_HEADERS])(
    "is enough with the headers of one scheme",
    async (...names) => {
      expect(await verify(onlyWith(signed(EARNED, secret), names), secret)).toMatchObject({ ok: true });
    },
  );

  test.each([
    ["standardwebhooks", new Webhook(secret)],
    ["svix", new SvixWebhook(secret)],
  ])("that %s signed is genuine", async (_, library) => {
    const at = new Date();
    const signature = library.sign("msg_1", at, JSON.stringify(EARNED));
    const seconds = String(Math.floor(at.getTime() / 1000));
    const names = { "webhook-id": "msg_1", "webhook-timestamp": seconds, "webhook-signature": signature };
    const request = { headers: names, body: JSON.stringify(EARNED) };
    expect(await verify(request, secret)).toEqual({ ok: true, event: EARNED });
    expect(await verify(request, newSecret())).toEqual(no("bad_signature"));
  });
});

describe("while a secret is rotated", () => {
  const next = newSecret();
  const request = signed(EARNED, secret, { next });

  test.each([
    ["the old one", secret],
    ["the new one", next],
    ["both", [next, secret]],
  ])("a receiver that holds %s accepts", async (_, held) => {
    expect(await verify(request, held)).toMatchObject({ ok: true });
    expect(await verify(onlyWith(request, MAGE_HEADERS), held)).toMatchObject({ ok: true });
    expect(await verify(onlyWith(request, STANDARD_HEADERS), held)).toMatchObject({ ok: true });
  });

  test("one that holds neither refuses", async () => {
    expect(await verify(request, [newSecret(), newSecret()])).toEqual(no("bad_signature"));
  });
});

describe("it refuses", () => {
  const at = new Date("2026-11-01T19:00:00.000Z");
  const after = (seconds: number) => new Date(at.getTime() + seconds * 1000);

  test("a request without a signature", async () => {
    expect(await verify({ headers: {}, body: JSON.stringify(EARNED) }, secret)).toEqual(no("bad_signature"));
  });

  test("one scheme that holds beside one that does not", async () => {
    const { headers, body } = signed(EARNED, secret);
    const other = signed(EARNED, newSecret()).headers;
    for (const name of ["X-Webhook-Signature", "webhook-signature"]) {
      const forged = { headers: { ...headers, [name]: other[name] }, body };
      expect(await verify(forged, secret)).toEqual(no("bad_signature"));
    }
  });

  test.each([MAGE_HEADERS, STANDARD_HEADERS])("a genuine one that is five minutes off", async (...names) => {
    const request = onlyWith(signed(EARNED, secret, { at }), names);
    for (const off of [-300, 0, 300])
      expect(await verify(request, secret, { now: after(off) })).toMatchObject({ ok: true });
    for (const off of [-301, 301, 86_400])
      expect(await verify(request, secret, { now: after(off) })).toEqual(no("too_old"));
    expect(await verify(request, secret)).toEqual(no("too_old"));
    const patient = { now: after(301), toleranceS: 600 };
    expect(await verify(request, secret, patient)).toMatchObject({ ok: true });
  });

  test("a type that it does not know", async () => {
    for (const event of ["points.invented", "toString", "POINTS.EARNED", ""])
      expect(await verify(signed({ ...EARNED, event }, secret), secret)).toEqual(no("unknown_type"));
  });

  test.each(["", "{", "null", "1", "[]", '"text"', "{}", JSON.stringify({ ...EARNED, data: null })])(
    "what is signed but no event: %s",
    async (body) => {
      expect(await verify(signed(body, secret), secret)).toEqual(no("malformed"));
    },
  );

  test.each(FORMAT_NAMES.filter((format) => format !== "laurel"))("an event in %s' words", async (format) => {
    const said = sayIn(format, "member.created", JSON.stringify(exampleEnvelope("member.created")));
    expect(await verify(signed(said?.body ?? "", secret), secret)).toEqual(no("malformed"));
  });

  test("bytes that are no text", async () => {
    const broken = Buffer.from(JSON.stringify(EARNED).replace("my-store", "my-st\u00f6re"), "latin1");
    expect(await verify(signedBytes(broken, secret), secret)).toEqual(no("malformed"));
  });

  test("more than a mebibyte, without reading on", async () => {
    const long = "x".repeat(1024 * 1024 + 1);
    expect(await verify(signed(long, secret), secret)).toEqual(no("malformed"));
    let chunks = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        chunks += 1;
        controller.enqueue(new Uint8Array(64 * 1024));
      },
    });
    const init = { method: "POST", body: endless, duplex: "half" as const };
    expect(await verify(new Request("https://shop.example", init), secret)).toEqual(no("malformed"));
    expect(chunks).toBeLessThan(40);
  });
});

describe("it throws, because the receiver is not set up", () => {
  test.each([[""], ["whsec_"], ["!"], [[]], [[secret, ""]]])("without a secret: %j", async (none) => {
    await expect(verify(signed(EARNED, ""), none)).rejects.toThrow("needs a secret");
  });

  test("with a body that is parsed already", async () => {
    const parsed = EARNED as unknown as string;
    await expect(verify({ headers: {}, body: parsed }, secret)).rejects.toThrow("before it is parsed");
  });
});
