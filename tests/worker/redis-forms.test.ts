// Below BullMQ: a Redis that Sentinel watches, and a Redis Cluster, by nothing but the form of REDIS_URL; open, behind users
// and passwords, and behind TLS.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis, type RedisOptions } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../server/postgres/secrets.ts";
import { hasProgram } from "../support/needs.ts";
import { hasRedis, startRedis, startSentinel, type Certificate } from "../support/redis.ts";
import { runNode } from "../support/run-node.ts";

/** How one of these is guarded: what its servers are told, and what a client says. */
type Guard = {
  tls: boolean;
  /** Before the hosts of REDIS_URL, and behind them for Sentinels. */
  login: string;
  sentinelLogin: string;
  redis: Record<string, string>;
  sentinel: string[];
  client: RedisOptions;
  sentinelClient: RedisOptions;
};

const OPEN: Guard = {
  tls: false,
  login: "",
  sentinelLogin: "",
  redis: {},
  sentinel: [],
  client: {},
  sentinelClient: {},
};
// The password as a URL has it and as it is.
const [CODED, PASSWORD] = ["s%40cr%3At", "s@cr:t"];
const CLOSED: Guard = {
  tls: false,
  login: `laurel:${CODED}@`,
  sentinelLogin: "?sentinel_password=guard",
  redis: { requirepass: "other", masterauth: "other", user: `laurel on >${PASSWORD} ~* &* +@all` },
  sentinel: ["requirepass guard", "sentinel auth-pass mymaster other"],
  client: { username: "laurel", password: PASSWORD },
  sentinelClient: { password: "guard" },
};
const GUARDS: [string, Guard][] = [
  ["open", OPEN],
  ["behind a user and passwords", CLOSED],
  ["behind a user, passwords and TLS", { ...CLOSED, tls: true }],
];

const folder = mkdtempSync(join(tmpdir(), "laurel-redis-tls-"));
const files: Certificate = { key: join(folder, "key.pem"), cert: join(folder, "cert.pem") };
const stops: (() => Promise<void>)[] = [];

beforeAll(() => {
  if (!hasProgram("openssl")) return;
  const named = ["-subj", "/CN=Laurel test", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  const asked = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", files.key, "-out", files.cert];
  execFileSync("openssl", [...asked, ...named], { stdio: "pipe" });
});
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ring = (REDIS_URL: string) =>
  runNode(["tests/worker/ringing.ts"], { env: { REDIS_URL, NODE_EXTRA_CA_CERTS: files.cert } });

/** A client of the test's own. */
function client(port: number, { tls }: Guard, options: RedisOptions): Redis {
  const over = tls ? { tls: { ca: readFileSync(files.cert, "utf8") } } : {};
  const redis = new Redis(port, "127.0.0.1", { ...options, ...over });
  stops.push(() => Promise.resolve(redis.disconnect()));
  return redis;
}

describe.each(GUARDS)("%s,", (_, guard) => {
  const scheme = guard.tls ? "rediss" : "redis";
  const certificate = guard.tls ? files : undefined;
  const left = !hasRedis() || (guard.tls && !hasProgram("openssl"));

  async function redis(more: Record<string, string | number> = {}) {
    const started = await startRedis({ ...guard.redis, ...more }, certificate);
    stops.push(started.stop);
    return started;
  }

  test.skipIf(left)("a single Redis rings and is heard", async () => {
    const { port } = await redis();
    const ringing = ring(`${scheme}://${guard.login}127.0.0.1:${port}`);
    await ringing.line("heard sub_");
  });

  test.skipIf(left)(
    "in a Cluster, jobs are rung and heard",
    async () => {
      const { port } = await redis({
        "cluster-enabled": "yes",
        "cluster-port": await freePort(),
        "cluster-announce-ip": "127.0.0.1",
      });
      const asking = client(port, guard, guard.client);
      await asking.call("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
      await expect
        .poll(() => asking.call("CLUSTER", "INFO"), { timeout: 10_000 })
        .toContain("cluster_state:ok");
      const ringing = ring(`${scheme}+cluster://${guard.login}127.0.0.1:${port}`);
      await ringing.line("heard sub_");
      expect(ringing.output()).not.toContain("CROSSSLOT");
    },
    60_000,
  );

  test.skipIf(left)(
    "behind Sentinel, the replica takes over and jobs are heard again",
    async () => {
      const first = await redis();
      const second = await redis({ replicaof: `127.0.0.1 ${first.port}` });
      const sentinel = await startSentinel(first, guard.sentinel, certificate);
      stops.push(sentinel.stop);
      const watching = client(sentinel.port, guard, guard.sentinelClient);
      const replicas = () => watching.call("SENTINEL", "REPLICAS", "mymaster") as Promise<unknown[]>;
      await expect.poll(replicas, { timeout: 30_000 }).toHaveLength(1);
      const ringing = ring(
        `${scheme}+sentinel://${guard.login}127.0.0.1:${sentinel.port}/mymaster${guard.sentinelLogin}`,
      );
      await ringing.line("heard sub_");
      await first.kill();
      const master = () => watching.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster");
      await expect.poll(master, { timeout: 30_000 }).toEqual(["127.0.0.1", String(second.port)]);
      const before = ringing.output().split("heard").length;
      await expect
        .poll(() => ringing.output().split("heard").length, { timeout: 30_000 })
        .toBeGreaterThan(before);
    },
    120_000,
  );
});
