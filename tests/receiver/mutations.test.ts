// Nothing that is changed on the way passes: any bit of the body, any character of a header that the signatures cover.
import fc from "fast-check";
import { verify } from "laurel-loyalty/receiver";
import { expect, test, vi } from "vitest";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { exampleEnvelope } from "../../app/events/envelope.ts";
import { newSecret } from "../../app/webhooks/signature.server.ts";
import { MAGE_HEADERS, onlyWith, signed, STANDARD_HEADERS, type Sent } from "./signed.ts";

const secret = newSecret();
const BOTH = [...MAGE_HEADERS, ...STANDARD_HEADERS];
const RUNS = 100;
vi.setConfig({ testTimeout: 60_000 });

const request = fc
  .record({
    type: fc.constantFrom(...EVENT_TYPES),
    names: fc.constantFrom(MAGE_HEADERS, STANDARD_HEADERS, BOTH),
  })
  .map(({ type, names }) => onlyWith(signed(exampleEnvelope(type), secret), names));

const bad = { ok: false, refusal: "bad_signature" };
const visible = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code));

test("one bit of the body", async () => {
  const change = async ({ headers, body }: Sent, at: number, bit: number) => {
    const bytes = Buffer.from(body);
    const i = at % bytes.length;
    bytes[i] = (bytes[i] ?? 0) ^ (1 << bit);
    expect(await verify({ headers, body: bytes }, secret)).toEqual(bad);
  };
  await fc.assert(fc.asyncProperty(request, fc.nat(), fc.nat(7), change), { numRuns: RUNS });
});

test("a byte of the body that is missing, or one too many", async () => {
  const change = async ({ headers, body }: Sent, at: number, more: string) => {
    const i = at % body.length;
    const shorter = body.slice(0, i) + body.slice(i + 1);
    const longer = body.slice(0, i) + more + body.slice(i);
    expect(await verify({ headers, body: shorter }, secret)).toEqual(bad);
    expect(await verify({ headers, body: longer }, secret)).toEqual(bad);
  };
  await fc.assert(fc.asyncProperty(request, fc.nat(), visible, change), { numRuns: RUNS });
});

test("one character of a header", async () => {
  const change = async ({ headers, body }: Sent, nth: number, at: number, other: string) => {
    const [name = "", value = ""] = Object.entries(headers)[nth % Object.keys(headers).length] ?? [];
    const i = at % value.length;
    fc.pre(value[i] !== other);
    const changed = value.slice(0, i) + other + value.slice(i + 1);
    expect(await verify({ headers: { ...headers, [name]: changed }, body }, secret)).toEqual(bad);
  };
  await fc.assert(fc.asyncProperty(request, fc.nat(), fc.nat(), visible, change), { numRuns: RUNS });
});

test("one header taken from another genuine request", async () => {
  const other = signed(exampleEnvelope("test"), secret, { at: new Date(Date.now() - 60_000) }).headers;
  const change = async ({ headers, body }: Sent, nth: number) => {
    const name = Object.keys(headers)[nth % Object.keys(headers).length] ?? "";
    fc.pre(other[name] !== headers[name]);
    expect(await verify({ headers: { ...headers, [name]: other[name] }, body }, secret)).toEqual(bad);
  };
  await fc.assert(fc.asyncProperty(request, fc.nat(), change), { numRuns: RUNS });
});

test("a request without one of the headers that its signatures cover", async () => {
  const sent = signed(exampleEnvelope("test"), secret);
  for (const names of [MAGE_HEADERS.slice(0, 2), STANDARD_HEADERS]) {
    for (const missing of names) {
      const left = names.filter((name) => name !== missing);
      expect(await verify(onlyWith(sent, left), secret)).toEqual(bad);
    }
  }
});

test("any secret but the one that signed", async () => {
  const change = async (sent: Sent, bytes: Uint8Array) => {
    const other = "whsec_" + Buffer.from(bytes).toString("base64");
    expect(await verify(sent, [other, newSecret()])).toEqual(bad);
  };
  const bytes = fc.uint8Array({ minLength: 24, maxLength: 64 });
  await fc.assert(fc.asyncProperty(request, bytes, change), { numRuns: RUNS });
});

test("any time outside the tolerance", async () => {
  const change = async (sent: Sent, seconds: number, sign: number) => {
    const now = new Date(Date.now() + sign * seconds * 1000);
    expect(await verify(sent, secret, { now })).toEqual({ ok: false, refusal: "too_old" });
  };
  const away = fc.integer({ min: 310, max: 4_000_000_000 });
  await fc.assert(fc.asyncProperty(request, away, fc.constantFrom(-1, 1), change), { numRuns: RUNS });
});

test("and whatever is thrown at it, it answers", async () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom("", " ", "grüße", "\ud800", "v1,", "sha256=", "__proto__"),
  );
  const headers = fc.record(Object.fromEntries(BOTH.map((name) => [name, value])), { requiredKeys: [] });
  const anything = fc.record({ headers, body: fc.oneof(fc.string(), fc.uint8Array()) });
  const answer = async (thrown: Parameters<typeof verify>[0]) => {
    expect(await verify(thrown, secret)).toEqual(bad);
  };
  await fc.assert(fc.asyncProperty(anything, answer), { numRuns: RUNS });
});
