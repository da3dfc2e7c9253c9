// What the web process does for every handler: headers that it forgot, and a bound on bodies.
import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { createReadableStreamFromReadable } from "@remix-run/node";
import { afterEach, expect, test } from "vitest";
import { fillHeaders, refuseLongBody, REQUEST_BYTES_MAX } from "../../server/guard-request.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const closes: (() => void)[] = [];
afterEach(() => closes.splice(0).forEach((close) => close()));

async function serve(handle: Handler): Promise<number> {
  const server = createServer((asked, response) => {
    fillHeaders(asked, response);
    if (!refuseLongBody(asked, response)) handle(asked, response);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  closes.push(() => server.close().closeAllConnections());
  return (server.address() as AddressInfo).port;
}

/** Reads a body as Remix does, and answers how long it was. */
const measure: Handler = (asked, response) => {
  void new Response(createReadableStreamFromReadable(asked)).arrayBuffer().then(
    ({ byteLength }) => response.headersSent || response.end(String(byteLength)),
    () => undefined,
  );
};

async function send(port: number, bytes: number): Promise<{ status: number | undefined; text: string }> {
  const sending = request({ port, host: "127.0.0.1", method: "POST", path: "/app/x" });
  const answered = once(sending, "response") as Promise<[IncomingMessage]>;
  sending.on("error", () => undefined);
  for (let left = bytes; left > 0; left -= 65_536) sending.write(Buffer.alloc(Math.min(left, 65_536)));
  sending.end();
  const [answer] = await answered;
  let text = "";
  for await (const part of answer.setEncoding("utf8")) text += String(part);
  return { status: answer.statusCode, text };
}

test("a body without a length is counted while it streams, and arrives whole up to the bound", async () => {
  const port = await serve(measure);
  expect(await send(port, REQUEST_BYTES_MAX)).toEqual({ status: 200, text: String(REQUEST_BYTES_MAX) });
  expect((await send(port, REQUEST_BYTES_MAX + 1)).status).toBe(413);
  expect((await send(port, 100)).text).toBe("100");
});

test("a body that says it is too long is refused unread", async () => {
  const port = await serve(measure);
  const socket = connect(port, "127.0.0.1");
  socket.write(`POST /app HTTP/1.1\r\nHost: x\r\nContent-Length: ${REQUEST_BYTES_MAX + 1}\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
  socket.destroy();
});

test("what a handler does not say is filled in, what it says stays", async () => {
  const policy = "frame-ancestors https://admin.shopify.com;";
  const port = await serve((asked, response) => {
    if (asked.url === "/app/own")
      response.writeHead(200, { "Content-Security-Policy": policy, "Cache-Control": "private" });
    response.end("x");
  });
  const headersOf = async (path: string) => {
    const { headers } = await fetch(`http://127.0.0.1:${port}${path}`);
    return ["x-content-type-options", "content-security-policy", "cache-control"].map((name) =>
      headers.get(name),
    );
  };
  for (const screen of ["/app", "/app?shop=a", "/app/members"])
    expect(await headersOf(screen)).toEqual(["nosniff", "frame-ancestors 'none'", "no-store"]);
  expect(await headersOf("/application")).toEqual(["nosniff", "frame-ancestors 'none'", null]);
  expect(await headersOf("/app/own")).toEqual(["nosniff", policy, "private"]);
});
