// A connection goes to the address that was checked, whatever the name would lead to when it is asked again.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { createServer } from "node:net";
import type { AddressInfo, Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createConnections } from "../../app/webhooks/connector.server.ts";
import { startDeadline } from "../../app/webhooks/deadline.server.ts";
import { exchange } from "../../app/webhooks/exchange.server.ts";
import { createSender } from "../../app/webhooks/send.server.ts";
import { hasProgram } from "../support/needs.ts";

const HAS_TLS = hasProgram("openssl");
const PATIENT_MS = 15_000;
const CHECKED = "127.0.0.2";
const OTHER = "127.0.0.3";
/** Leads nowhere when the system is asked; and somewhere else, where nobody listens. */
const NAMES = ["hooks.laurel.invalid", "localhost"];

type Heard = { host: string | undefined; sni: string | false | null; at: string | undefined };

const folder = mkdtempSync(join(tmpdir(), "laurel-checked-"));
const stops: (() => unknown)[] = [];
const tick = () => performance.now();
let certificate = { key: "", cert: "" };

beforeAll(() => {
  if (!HAS_TLS) return;
  const names = `subjectAltName=${NAMES.map((name) => `DNS:${name}`).join(",")}`;
  const files = ["-keyout", "key.pem", "-out", "cert.pem"];
  const asked = [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-subj",
    "/CN=Laurel test",
    "-addext",
    names,
  ];
  execFileSync("openssl", [...asked, ...files, "-days", "2"], { cwd: folder, stdio: "pipe" });
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  certificate = { key: read("key.pem"), cert: read("cert.pem") };
});
afterEach(async () => {
  vi.useRealTimers();
  for (const stop of stops.splice(0).reverse()) await stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function listen(server: Server, address: string): Promise<number> {
  await once(server.listen(0, address), "listening");
  stops.push(() => new Promise((closed) => server.close(closed)));
  return (server.address() as AddressInfo).port;
}

/** An endpoint at one address, and what it was asked for by name. */
async function endpoint(scheme: "http" | "https", address = CHECKED) {
  const heard: Heard[] = [];
  const answer: RequestListener = (request: IncomingMessage, response) => {
    const { socket } = request;
    const sni =
      socket instanceof TLSSocket ? ((socket as { servername?: string }).servername ?? false) : null;
    heard.push({ host: request.headers.host, sni, at: socket.localAddress });
    response.end("ok");
  };
  const server = scheme === "http" ? createHttpServer(answer) : createHttpsServer(certificate, answer);
  return { heard, port: await listen(server, address) };
}

function connections() {
  const made = createConnections(HAS_TLS ? { tick, ca: certificate.cert } : { tick });
  stops.push(() => made.close());
  return made;
}

/** One request to `origin` over a connection that is pinned to `address`. */
async function post(made: ReturnType<typeof createConnections>, origin: string, address: string) {
  const { client, release } = made.take(origin, address);
  const deadline = startDeadline(PATIENT_MS);
  const request = { path: "/hooks", headers: {}, body: Buffer.from("{}") };
  const received = await exchange(client, request, deadline);
  deadline.clear();
  release(received.status !== null && received.whole);
  return received;
}

describe.each(NAMES)("%s, checked at another address than it leads to by itself,", (name) => {
  test("is connected to there, with the name in Host", async () => {
    const { port, heard } = await endpoint("http");
    expect(await post(connections(), `http://${name}:${port}`, CHECKED)).toMatchObject({ status: 200 });
    expect(heard).toEqual([{ host: `${name}:${port}`, sni: null, at: CHECKED }]);
  });

  test.skipIf(!HAS_TLS)("and over TLS with the name in SNI and in the certificate too", async () => {
    const { port, heard } = await endpoint("https");
    expect(await post(connections(), `https://${name}:${port}`, CHECKED)).toMatchObject({ status: 200 });
    expect(heard).toEqual([{ host: `${name}:${port}`, sni: name, at: CHECKED }]);
  });
});

test("each address of a name has connections of its own, and keeps them", async () => {
  const [name = ""] = NAMES;
  const server = createHttpServer((request, response) => response.end(request.socket.localAddress));
  let accepted = 0;
  server.on("connection", () => (accepted += 1));
  await once(server.listen(0), "listening");
  stops.push(() => new Promise((closed) => server.close(closed)));
  const origin = `http://${name}:${(server.address() as AddressInfo).port}`;
  const made = connections();
  const answers = [];
  for (const address of [CHECKED, OTHER, CHECKED, OTHER]) {
    const received = await post(made, origin, address);
    answers.push(received.status === null ? received.error : Buffer.concat(received.chunks).toString());
  }
  expect(answers.map((at) => at.replace("::ffff:", ""))).toEqual([CHECKED, OTHER, CHECKED, OTHER]);
  expect([made.size(), accepted]).toEqual([2, 2]);
});

test("a name that was public once and is private the next time is refused", async () => {
  // Reserved by IANA and given to nobody: public by the table, and nothing is there.
  const answers = [["3000::1"], ["10.0.0.1"], ["3000::1", CHECKED], ["::1"]];
  const lookUp = () => Promise.resolve(answers.shift() ?? []);
  const sender = createSender({ deadlineMs: 700, loopbackHosts: [], lookUp });
  stops.push(() => sender.close());
  const request = {
    url: new URL("https://hooks.laurel.invalid/x"),
    headers: {},
    body: Buffer.from("{}"),
    at: new Date(),
  };
  const first = await sender.send(request);
  expect(["connect", "timeout"]).toContain(first.error);
  expect(sender.connections()).toBe(0);
  while (answers.length > 0) {
    expect(await sender.send(request)).toMatchObject({ status: null, error: "refused_address" });
    expect(sender.connections()).toBe(0);
  }
});

describe("connections", () => {
  const RESTING_MAX = 512;
  const origin = (n: number) => `https://h${n}.laurel.invalid`;

  /** Connections whose clock and whose sweep the test moves. */
  function underClock() {
    vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
    let time = 0;
    const made = createConnections({ tick: () => time });
    stops.push(() => made.close());
    return {
      made,
      pass: (ms: number) => {
        time += ms;
        vi.advanceTimersByTime(ms);
      },
    };
  }

  test("are bounded, however many names are sent to, and are closed when nobody needs them", () => {
    const { made, pass } = underClock();
    let most = 0;
    for (let n = 0; n < 5 * RESTING_MAX; n += 1) {
      made.take(origin(n), CHECKED).release(true);
      most = Math.max(most, made.size());
    }
    expect(most).toBeLessThanOrEqual(2 * RESTING_MAX + 1);
    pass(5_000);
    expect(made.size()).toBeLessThanOrEqual(RESTING_MAX);
    pass(15_000);
    expect(made.size()).toBe(0);
  });

  test("under way are never closed for being many or old", () => {
    const { made, pass } = underClock();
    const taken = Array.from({ length: 2 * RESTING_MAX }, (_, n) => made.take(origin(n), CHECKED));
    pass(60_000);
    expect(made.size()).toBe(taken.length);
    expect(taken.some(({ client }) => client.destroyed)).toBe(false);
    for (const { release } of taken) release(true);
    pass(20_000);
    expect(made.size()).toBe(0);
    expect(taken.every(({ client }) => client.destroyed)).toBe(true);
  });

  test("are alive when they are given out, however many are under way or at rest, and however old", () => {
    const { made, pass } = underClock();
    pass(20_000);
    for (let n = 0; n <= 2 * RESTING_MAX; n += 1) made.take(origin(n), CHECKED);
    for (let n = 0; n <= 4 * RESTING_MAX; n += 1) {
      const { client, release } = made.take(origin(-n), CHECKED);
      expect(client.destroyed).toBe(false);
      release(true);
    }
  });

  test("go out again the last first, and the others come to rest; one whose answer did not come whole does not", () => {
    const { made, pass } = underClock();
    const [first, second, third] = [1, 2, 3].map(() => made.take(origin(0), CHECKED));
    first?.release(true);
    second?.release(true);
    third?.release(false);
    expect(third?.client.destroyed).toBe(true);
    const again = made.take(origin(0), CHECKED);
    expect(again.client).toBe(second?.client);
    pass(20_000);
    expect([first?.client.destroyed, second?.client.destroyed]).toEqual([true, false]);
    again.release(true);
    expect(made.size()).toBe(1);
  });
});

const PROXIES = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"].flatMap((name) => [name, name.toLowerCase()]);

describe.each([
  ["http", { NO_PROXY: "" }],
  ["http", { NO_PROXY: "localhost,127.0.0.1" }],
  ["https", { NO_PROXY: "" }],
  ["https", { no_proxy: "*" }],
] as const)("to an address of %s, with %j,", (scheme, exceptions) => {
  test.skipIf(scheme === "https" && !HAS_TLS).each(PROXIES)("%s changes nothing", async (name) => {
    let asked = 0;
    const proxy = createServer((socket) => {
      asked += 1;
      socket.destroy();
    });
    const variables = { [name]: `http://127.0.0.1:${await listen(proxy, "127.0.0.1")}`, ...exceptions };
    for (const [variable, value] of Object.entries({ NODE_USE_ENV_PROXY: "1", ...variables }))
      vi.stubEnv(variable, value);
    stops.push(() => vi.unstubAllEnvs());
    const { port, heard } = await endpoint(scheme, "127.0.0.1");
    const ca = scheme === "https" ? { ca: certificate.cert } : {};
    const sender = createSender({ deadlineMs: PATIENT_MS, loopbackHosts: ["localhost"], ...ca });
    stops.push(() => sender.close());
    const url = new URL(`${scheme}://localhost:${port}/hooks`);
    const request = { url, headers: {}, body: Buffer.from("{}"), at: new Date() };
    expect(await sender.send(request)).toMatchObject({ verdict: "delivered" });
    expect([heard.length, asked]).toEqual([1, 0]);
  });
});
