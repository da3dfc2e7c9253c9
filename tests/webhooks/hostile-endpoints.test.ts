// Whatever an endpoint does, a request ends within its deadline, keeps little, and fails in words that tell nothing.
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { Worker } from "node:worker_threads";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { now } from "../../app/platform/clock.server.ts";
import { createSender } from "../../app/webhooks/send.server.ts";
import type { Sender, SenderOptions, SendResult } from "../../app/webhooks/send.server.ts";

/** Of the tests about the deadline. The others' own is far away: a slow machine must not make an answer a late one. */
const DEADLINE_MS = 700;
const PATIENT_MS = 15_000;
/** How much later than a timer of as long in a thread beside it: on a busy machine both are late. */
const MARGIN_MS = 400;
const body = Buffer.from('{"id":"evt_1"}');
const servers: Server[] = [];
let sender: Sender;
let hasty: Sender;

beforeAll(() => {
  const loopbackHosts = ["127.0.0.1", "localhost"];
  sender = createSender({ deadlineMs: PATIENT_MS, loopbackHosts });
  hasty = createSender({ deadlineMs: DEADLINE_MS, loopbackHosts });
});
afterAll(() => Promise.all([sender.close(), hasty.close()]));
afterEach(async () => {
  for (const server of servers.splice(0))
    await new Promise((done) => server.close(done).unref() && done(null));
});

/** A TCP server that does what it is told with each connection once a request has come in. */
async function endpoint(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => answer(socket));
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}/hooks`;
}

const send = (url: string, by: Sender = sender) =>
  by.send({ url: new URL(url), headers: { "X-A": "b" }, body, at: now() });
// A thread of its own: what the sender does to this one must not make the timer late.
const TIMER = `
  const { parentPort } = require("node:worker_threads");
  const begun = performance.now();
  setTimeout(() => parentPort.postMessage(performance.now() - begun), ${DEADLINE_MS});`;
/** What comes of a sending that ends with the deadline, and not later. */
async function atTheDeadline(sending: Promise<SendResult>): Promise<SendResult> {
  const timer = once(new Worker(TIMER, { eval: true }), "message") as Promise<[number]>;
  const [result, [tookTimer]] = await Promise.all([sending, timer]);
  expect(result.durationMs).toBeGreaterThanOrEqual(DEADLINE_MS - 20);
  expect(result.durationMs).toBeLessThan(tookTimer + MARGIN_MS);
  return result;
}
const withSender = async <T>(
  options: Partial<SenderOptions>,
  work: (by: Sender) => Promise<T>,
): Promise<T> => {
  const by = createSender({ deadlineMs: PATIENT_MS, loopbackHosts: [], ...options });
  return work(by).finally(() => by.close());
};

describe("an endpoint that", () => {
  test("never answers is given up at the deadline", async () => {
    const result = await atTheDeadline(send(await endpoint(() => undefined), hasty));
    expect(result).toMatchObject({ verdict: "retry", status: null, error: "timeout" });
  });

  test("is given up, or has answered enough, is not connected to once more for nothing", async () => {
    for (const answer of ["", "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + "y".repeat(70_000)]) {
      let connections = 0;
      const url = await endpoint((socket) => socket.write(answer));
      servers.at(-1)?.on("connection", () => (connections += 1));
      await send(url, hasty);
      await new Promise((later) => setTimeout(later, 200));
      expect(connections).toBe(1);
    }
  });

  test("answers one byte at a time is given up at the deadline", async () => {
    const url = await endpoint((socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
      const timer = setInterval(() => socket.write("x"), 50);
      socket.on("close", () => clearInterval(timer));
    });
    const result = await atTheDeadline(send(url, hasty));
    expect(result).toMatchObject({ verdict: "retry", error: "timeout" });
  });

  test("answers with megabytes is read to 64 KiB, and 4 KiB of it are kept", async () => {
    let written = 0;
    const result = await send(
      await endpoint((socket) => {
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n");
        const chunk = Buffer.alloc(64 * 1024, "y");
        const more = () => {
          while (!socket.destroyed && written < 50_000_000 && socket.write(chunk)) written += chunk.length;
        };
        socket.on("drain", more);
        more();
      }),
    );
    expect(result).toMatchObject({ verdict: "delivered", status: 200 });
    expect(result.answer).toHaveLength(4096);
    expect(written).toBeLessThan(20_000_000);
  });

  test("sends ten thousand headers is refused as not understandable", async () => {
    const headers = Array.from({ length: 10_000 }, (_, i) => `X-H${i}: v\r\n`).join("");
    const result = await send(
      await endpoint((s) => s.end(`HTTP/1.1 200 OK\r\n${headers}Content-Length: 0\r\n\r\n`)),
    );
    expect(result).toMatchObject({ verdict: "retry", status: null });
    expect(result.error).toMatch(/^protocol/);
  });

  test("breaks its chunking fails, though it began with 200", async () => {
    const result = await send(
      await endpoint((s) => s.end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n")),
    );
    expect(result).toMatchObject({ verdict: "retry", error: "protocol" });
  });

  test("ends in the middle of its answer fails", async () => {
    const result = await send(
      await endpoint((s) => s.end("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")),
    );
    expect(result).toMatchObject({ verdict: "retry", status: null });
    expect(["reset", "protocol"]).toContain(result.error);
  });

  test("answers twice is heard once, and the second answer is nobody's", async () => {
    let requests = 0;
    const url = await endpoint((s) => {
      requests += 1;
      s.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n");
    });
    expect(await send(url)).toMatchObject({ verdict: "delivered", status: 200, answer: "ok" });
    expect(await send(url)).toMatchObject({ verdict: "delivered", status: 200 });
    expect(requests).toBe(2);
  });

  test("answers garbage fails", async () => {
    expect(await send(await endpoint((s) => s.end("SSH-2.0-OpenSSH_9\r\n")))).toMatchObject({
      error: "protocol",
    });
  });

  test("answers NUL bytes and invalid UTF-8 leaves a text that can be stored", async () => {
    const bytes = Buffer.from([0x61, 0x00, 0xff, 0xfe, 0xc3, 0x28, 0x62]);
    const result = await send(
      await endpoint((s) =>
        s.end(Buffer.concat([Buffer.from("HTTP/1.1 400 Bad\r\nContent-Length: 7\r\n\r\n"), bytes])),
      ),
    );
    expect(result.status).toBe(400);
    expect(result.answer).not.toContain("\0");
    expect(result.answer?.isWellFormed()).toBe(true);
    expect(result.answer).toMatch(/^a.*b$/s);
  });

  test("redirects is not followed", async () => {
    let elsewhere = 0;
    const other = await endpoint(() => (elsewhere += 1));
    const result = await send(
      await endpoint((s) => s.end(`HTTP/1.1 307 Go\r\nLocation: ${other}\r\nContent-Length: 0\r\n\r\n`)),
    );
    expect(result).toMatchObject({ verdict: "retry", status: 307, error: "status:redirect" });
    expect(elsewhere).toBe(0);
  });

  test("compresses its answer is not decompressed", async () => {
    const result = await send(
      await endpoint((s) =>
        s.end("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd"),
      ),
    );
    expect(result).toMatchObject({ verdict: "delivered", answer: "abcd" });
  });

  test("resets the connection fails as reset", async () => {
    expect(await send(await endpoint((s) => s.resetAndDestroy()))).toMatchObject({ error: "reset" });
  });

  test("does not listen fails as connect", async () => {
    const url = await endpoint(() => undefined);
    await new Promise((closed) => servers.pop()?.close(closed));
    expect(await send(url)).toMatchObject({ error: "connect" });
  });

  test.each(["Retry-After: 7", "Retry-After: 2\r\nRetry-After: 7"])(
    "asks to wait is understood: %j",
    async (header) => {
      const result = await send(
        await endpoint((s) => s.end(`HTTP/1.1 429 Slow\r\n${header}\r\nContent-Length: 0\r\n\r\n`)),
      );
      expect(result).toMatchObject({ verdict: "wait", status: 429, retryAfterMs: 7_000 });
    },
  );
});

describe("an answer that never ends", () => {
  const LONG_MS = 4_000;
  /** An endpoint that writes `head` and then `piece` again and again, as fast as it is read. */
  async function flood(head: string, piece: string) {
    const told = { written: 0 };
    const bytes = Buffer.from(piece.repeat(Math.ceil(65_536 / piece.length)));
    const url = await endpoint((socket) => {
      socket.write(head);
      const more = () => {
        while (!socket.destroyed && socket.write(bytes)) told.written += bytes.length;
      };
      socket.on("drain", more);
      more();
    });
    return { url, told };
  }

  test.each([
    ["in a chunk's extension", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=", "x"],
    [
      "in extensions of small chunks",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
      `1;${"x".repeat(9_000)}\r\ny\r\n`,
    ],
    ["in heads before it", "", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"],
    ["in its trailers", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", "A: b\r\n"],
    ["in one line of a trailer", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: ", "b"],
    ["in its reason", "HTTP/1.1 200 ", "O"],
  ])("%s fails at once, and takes no memory", async (_, head, piece) => {
    const { url, told } = await flood(head, piece);
    await withSender({ deadlineMs: LONG_MS, loopbackHosts: ["127.0.0.1"] }, async (by) => {
      const before = process.memoryUsage().rss;
      const result = await send(url, by);
      expect(result).toMatchObject({ verdict: "retry", status: null });
      expect(result.error).toMatch(/^protocol/);
      expect(result.durationMs).toBeLessThan(2_000);
      expect(told.written).toBeLessThan(20_000_000);
      expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    });
  });

  test("is bounded for each answer, not for the connection; and small chunks are no reason to fail", async () => {
    let connections = 0;
    const server = createHttpServer((_, response) => {
      for (let i = 0; i < 12 * 1024; i += 1) response.write("z");
      response.end();
    });
    server.on("connection", () => (connections += 1));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    for (let i = 0; i < 5; i += 1) {
      const result = await send(`http://127.0.0.1:${port}/hooks`);
      expect(result).toMatchObject({ verdict: "delivered", status: 200 });
      // A pool takes a connection back a moment after its answer.
      await new Promise((later) => setTimeout(later, 20));
    }
    expect(connections).toBe(1);
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
});

describe("a name", () => {
  const url = "https://hooks.example.com/x";
  const refused = { status: null, error: "refused_address", verdict: "retry" };

  test.each([
    [["10.0.0.1"]],
    [["93.184.216.34", "127.0.0.1"]],
    [["2606:4700::1", "::ffff:127.0.0.1"]],
    [["fd00::1"]],
  ])("that resolves to %j is refused, for any address that is not public", (addresses) =>
    withSender({ lookUp: () => Promise.resolve(addresses) }, async (by) =>
      expect(await send(url, by)).toMatchObject(refused),
    ),
  );

  test("that does not resolve fails as dns", () =>
    withSender({ lookUp: () => Promise.reject(new Error("ENOTFOUND")) }, async (by) =>
      expect(await send(url, by)).toMatchObject({ error: "dns" }),
    ));

  test("that never resolves fails as dns at the deadline", () =>
    withSender({ deadlineMs: DEADLINE_MS, lookUp: () => new Promise(() => undefined) }, async (by) => {
      const result = await atTheDeadline(send(url, by));
      expect(result.error).toBe("dns");
    }));

  test("is looked up on every attempt: public once, private the next time, is refused then", () => {
    const answers = [["10.0.0.1"], ["192.168.0.1"]];
    let asked = 0;
    const lookUp = () => Promise.resolve(answers[asked++] ?? []);
    return withSender({ lookUp }, async (by) => {
      await send(url, by);
      await send(url, by);
      expect(asked).toBe(2);
    });
  });

  test("asked for many times at once is looked up once", () => {
    let asked = 0;
    const lookUp = async () => {
      asked += 1;
      await new Promise((later) => setTimeout(later, 20));
      return ["10.0.0.1"];
    };
    return withSender({ lookUp }, async (by) => {
      await Promise.all(Array.from({ length: 20 }, () => send(url, by)));
      expect(asked).toBe(1);
    });
  });

  test("a literal is checked without a look-up, however it is spelled", () =>
    withSender({ lookUp: () => Promise.resolve(["1.1.1.1"]) }, async (by) => {
      for (const host of ["127.0.0.1", "2130706433", "[::1]", "[::ffff:169.254.169.254]", "0x7f.1"]) {
        expect(await send(`https://${host}/`, by)).toMatchObject(refused);
      }
      expect(await send("http://example.com/", by)).toMatchObject(refused);
      expect(await send("https://example.com:22/", by)).toMatchObject(refused);
    }));

  test("of the development switch must be loopback, and another loopback name is not switched", () =>
    withSender({ loopbackHosts: ["localhost"] }, async (by) => {
      expect(await send("http://127.0.0.1:9/", by)).toMatchObject(refused);
      expect((await send("http://localhost:9/", by)).error).toBe("connect");
    }));
});
