// The test vectors that are published: each passes, with either scheme alone too, and nothing passes that is near one.
import fc from "fast-check";
import { verify } from "laurel-loyalty/receiver";
import { describe, expect, test, vi } from "vitest";
import { newSecret } from "../../app/webhooks/signature.server.ts";
import { vectors, type Vector } from "../../scripts/documents.ts";
import { MAGE_HEADERS, onlyWith, STANDARD_HEADERS, type Sent } from "./signed.ts";

vi.setConfig({ testTimeout: 60_000 });
const RUNS = 200;
const bad = { ok: false, refusal: "bad_signature" };

function requestOf(vector: Vector): Sent {
  const { "x-webhook-signature-next": next } = vector;
  const headers = {
    "x-webhook-timestamp": vector.timestamp,
    "x-webhook-signature": vector["x-webhook-signature"],
    ...(next === undefined ? {} : { "x-webhook-signature-next": next }),
    "webhook-id": vector.id,
    "webhook-timestamp": String(vector.seconds),
    "webhook-signature": vector["webhook-signature"],
  };
  return { headers, body: vector.body };
}

describe.each(vectors())("$name", (vector) => {
  const request = requestOf(vector);
  const now = new Date(vector.timestamp);
  const { secret, next_secret } = vector;

  test.each([secret, next_secret].filter((one) => one !== undefined))("passes with %s", async (held) => {
    const told = { ok: true, event: JSON.parse(vector.body) as unknown };
    expect(await verify(request, held, { now })).toEqual(told);
    expect(await verify(onlyWith(request, MAGE_HEADERS), held, { now })).toEqual(told);
    expect(await verify(onlyWith(request, STANDARD_HEADERS), held, { now })).toEqual(told);
    expect(await verify(request, [newSecret(), held], { now })).toEqual(told);
  });

  test("passes at no other time and with no other secret", async () => {
    expect(await verify(request, secret)).toEqual({ ok: false, refusal: "too_old" });
    expect(await verify(request, newSecret(), { now })).toEqual(bad);
  });

  test("fails with any byte of the body changed", async () => {
    const change = async (at: number, by: number) => {
      const body = Buffer.from(vector.body);
      body[at % body.length] = (body[at % body.length] ?? 0) ^ by;
      expect(await verify({ ...request, body }, [secret, next_secret ?? secret], { now })).toEqual(bad);
    };
    const bits = fc.integer({ min: 1, max: 255 });
    await fc.assert(fc.asyncProperty(fc.nat(), bits, change), { numRuns: RUNS });
  });

  test("fails with any character changed of a header that its signatures cover, or of them", async () => {
    // Of two live signatures one is enough, so that a receiver with either secret goes on.
    const covered = ["x-webhook-timestamp", "webhook-id", "webhook-timestamp"];
    const names = next_secret === undefined ? Object.keys(request.headers) : covered;
    const change = async (name: string, at: number, other: string) => {
      const value = request.headers[name] ?? "";
      const i = at % value.length;
      fc.pre(value[i] !== other);
      const headers = { ...request.headers, [name]: value.slice(0, i) + other + value.slice(i + 1) };
      expect(await verify({ ...request, headers }, secret, { now })).toEqual(bad);
    };
    const character = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));
    const anywhere = fc.asyncProperty(fc.constantFrom(...names), fc.nat(), character, change);
    await fc.assert(anywhere, { numRuns: RUNS });
  });
});
