// What each form of REDIS_URL says. tests/worker/redis-forms.test.ts connects by them.
import { expect, test } from "vitest";
import { readRedisAddress } from "../../app/platform/redis-address.ts";

const [a, b] = [
  { host: "a", port: 7_000 },
  { host: "b", port: 7_001 },
];

test.each(["redis://127.0.0.1:6379", "rediss://user:pass@redis.example:6380/2"])(
  "%s is left to ioredis as it stands",
  (address) => {
    expect(readRedisAddress(address)).toEqual({ form: "single", address });
  },
);

test.each([
  ["redis+sentinel://a:7000,b:7001/main", { sentinels: [a, b], name: "main" }],
  ["redis+sentinel://a,b/", { sentinels: [a, b].map((n) => ({ ...n, port: 26_379 })), name: "mymaster" }],
  ["redis+sentinel://[::1]:7000", { sentinels: [{ host: "::1", port: 7_000 }], name: "mymaster" }],
  ["redis+sentinel://:pass@a:7000/main", { sentinels: [a], name: "main", password: "pass" }],
  [
    "redis+sentinel://us%40er:p%3Aa:ss@a:7000/main?sentinel_user=guard&sentinel_password=p%26w",
    {
      sentinels: [a],
      name: "main",
      username: "us@er",
      password: "p:a:ss",
      sentinelUsername: "guard",
      sentinelPassword: "p&w",
    },
  ],
  [
    "rediss+sentinel://user:pass@a:7000/main",
    {
      sentinels: [a],
      name: "main",
      username: "user",
      password: "pass",
      tls: {},
      enableTLSForSentinelMode: true,
      sentinelTLS: {},
    },
  ],
])("%s", (address, options) => {
  expect(readRedisAddress(address)).toEqual({ form: "sentinel", options });
});

test.each([
  ["redis+cluster://a:7000,b:7001", [a, b], {}],
  ["redis+cluster://user:pass@a:7000", [a], { username: "user", password: "pass" }],
  ["rediss+cluster://user:pass@a:7000", [a], { username: "user", password: "pass", tls: {} }],
])("%s", (address, nodes, options) => {
  expect(readRedisAddress(address)).toMatchObject({ form: "cluster", nodes, options });
});
