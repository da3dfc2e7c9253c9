// A receiver written for Mage, for Standard Webhooks or for Svix verifies what we sign, during a rotation too.
import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { describe, expect, test } from "vitest";
import {
  mageSignature,
  newSecret,
  signedHeaders,
  signingKey,
  standardSignature,
} from "../../app/webhooks/signature.server.ts";

const bytes = (text: string) => Buffer.from(text, "utf8");

describe("Mage's scheme", () => {
  test("signs its documented test vector", () => {
    const key = signingKey("9f8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c3d2e1f0a9b8c7d6e5f4a3b2c1d0e9f8a");
    const body =
      '{"event":"test","shop":"my-store","timestamp":"2026-02-18T12:00:00.000Z","data":{"message":"hello"}}';
    expect(mageSignature(key, "2026-02-18T12:00:00.000Z", bytes(body))).toBe(
      "sha256=20c5e93114eb69dc1d56cf6dc8281688318856fa135b108f28b06d8fa58a2481",
    );
  });
});

describe("Standard Webhooks", () => {
  test("signs the public test vector, whose secret has no prefix", () => {
    const key = signingKey("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    expect(
      standardSignature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, bytes('{"test": 2432232314}')),
    ).toBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  });

  test("is accepted by standardwebhooks and by svix for any body", () => {
    const secret = newSecret();
    const keys = { current: signingKey(secret), next: null };
    fc.assert(
      fc.property(fc.json(), (json) => {
        const message = { id: "evt_1", type: "test", attempt: 1, body: bytes(json), at: new Date() };
        const headers = signedHeaders(keys, message);
        expect(new Webhook(secret).verify(json, headers)).toEqual(JSON.parse(json));
        expect(() => new SvixWebhook(secret).verify(json, headers)).not.toThrow();
      }),
      { numRuns: 50 },
    );
  });

  test("refuses a body that was changed on the way", () => {
    const secret = newSecret();
    const message = { id: "evt_1", type: "test", attempt: 1, body: bytes('{"a":1}'), at: new Date() };
    const headers = signedHeaders({ current: signingKey(secret), next: null }, message);
    expect(() => new Webhook(secret).verify('{"a":2}', headers)).toThrow();
  });
});

describe("during a rotation", () => {
  const [old, next] = [newSecret(), newSecret()];
  const message = { id: "evt_1", type: "points.earned", attempt: 3, body: bytes("{}"), at: new Date() };
  const headers = signedHeaders({ current: signingKey(old), next: signingKey(next) }, message);

  test("both secrets verify the one Standard Webhooks header", () => {
    expect(new Webhook(old).verify("{}", headers)).toEqual({});
    expect(new Webhook(next).verify("{}", headers)).toEqual({});
  });

  test("Mage's header stays with the old secret, and -Next carries the new one", () => {
    const at = message.at.toISOString();
    expect(headers["X-Webhook-Signature"]).toBe(mageSignature(signingKey(old), at, message.body));
    expect(headers["X-Webhook-Signature-Next"]).toBe(mageSignature(signingKey(next), at, message.body));
  });

  test("without one there is no -Next header", () => {
    const alone = signedHeaders({ current: signingKey(old), next: null }, message);
    expect(alone).not.toHaveProperty("X-Webhook-Signature-Next");
    expect(alone).toMatchObject({ "X-Webhook-Attempt": "3", "webhook-id": "evt_1", "X-Webhook-Id": "evt_1" });
  });
});

test("every new secret is `whsec_` and 32 bytes of its own", () => {
  const secrets = Array.from({ length: 20 }, newSecret);
  expect(new Set(secrets).size).toBe(20);
  for (const secret of secrets) expect(Buffer.from(secret.slice(6), "base64")).toHaveLength(32);
});
