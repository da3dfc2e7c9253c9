// What name servers answer, and do not: asked of a real one.
import { afterAll, beforeAll, expect, test } from "vitest";
import { createResolver, systemLookUp } from "../../app/webhooks/resolve.server.ts";
import { startNameServer } from "../support/name-server.ts";
import type { NameServer } from "../support/name-server.ts";

const PUBLIC = "93.184.215.14";
const PUBLIC_6 = "2606:4700::1111";
const ZONES = {
  "both.example.com": { a: [PUBLIC], aaaa: [PUBLIC_6] },
  "only-4.example.com": { a: [PUBLIC], aaaa: [] },
  "only-6.example.com": { a: [], aaaa: [PUBLIC_6] },
  "aaaa-fails.example.com": { a: [PUBLIC], aaaa: "SERVFAIL" },
  "aaaa-silent.example.com": { a: [PUBLIC], aaaa: "silence" },
  "a-fails.example.com": { a: "SERVFAIL", aaaa: [PUBLIC_6] },
  "empty.example.com": { a: [], aaaa: [] },
  "fails.example.com": { a: "SERVFAIL", aaaa: "SERVFAIL" },
  "half-fails.example.com": { a: [], aaaa: "SERVFAIL" },
  "silent.example.com": { a: "silence", aaaa: "silence" },
  "private.example.com": { a: ["10.0.0.7"], aaaa: [] },
  "beside.example.com": { a: [PUBLIC, "10.0.0.7"], aaaa: [] },
  "beside-6.example.com": { a: [PUBLIC], aaaa: ["fd00::7"] },
} as const;

let server: NameServer;
beforeAll(async () => {
  server = await startNameServer(ZONES);
});
afterAll(() => server.close());

const lookUp = (host: string) => systemLookUp([server.address])(host);
const resolve = (host: string) => createResolver(systemLookUp([server.address])).resolve(host);

test.each([
  ["both.example.com", [PUBLIC, PUBLIC_6]],
  ["only-4.example.com", [PUBLIC]],
  ["only-6.example.com", [PUBLIC_6]],
  ["aaaa-fails.example.com", [PUBLIC]],
  ["a-fails.example.com", [PUBLIC_6]],
  ["aaaa-silent.example.com", [PUBLIC]],
  // No such record, no such name: an answer, and no failure.
  ["empty.example.com", []],
  ["nowhere.example.com", []],
])(
  "%s has the addresses %j",
  async (host, addresses) => {
    expect(await lookUp(host)).toEqual(addresses);
  },
  30_000,
);

test.each([
  ["fails.example.com", "ESERVFAIL"],
  ["half-fails.example.com", "ESERVFAIL"],
  ["silent.example.com", "ETIMEOUT"],
])(
  "%s is a failed look-up (%s)",
  async (host, code) => {
    await expect(lookUp(host)).rejects.toMatchObject({ code });
  },
  30_000,
);

test("both families are asked for, each of the name as it is", async () => {
  await lookUp("both.example.com");
  expect(server.asked).toEqual(expect.arrayContaining(["A both.example.com", "AAAA both.example.com"]));
});

test.each([
  ["aaaa-fails.example.com", { ok: true, addresses: [PUBLIC] }],
  ["private.example.com", { ok: false, error: "refused_address" }],
  ["beside.example.com", { ok: false, error: "refused_address" }],
  ["beside-6.example.com", { ok: false, error: "refused_address" }],
  ["nowhere.example.com", { ok: false, error: "dns" }],
  ["fails.example.com", { ok: false, error: "dns" }],
])("an attempt to %s comes to %j", async (host, resolved) => {
  expect(await resolve(host)).toEqual(resolved);
});
