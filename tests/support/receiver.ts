// A merchant's endpoint: a real HTTP server on this machine that answers as it is told and keeps what it received.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach } from "vitest";

export type Received = {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  rawHeaders: string[];
  body: Buffer;
  json: () => unknown;
  at: Date;
};

/** An answer, or a function that writes its own (and may break every rule of HTTP through `response.socket`). */
export type Answer =
  | { status: number; headers?: Record<string, string>; body?: string | Buffer; afterMs?: number }
  | ((request: Received, response: ServerResponse, raw: IncomingMessage) => void | Promise<void>);

export type Receiver = {
  url: string;
  port: number;
  received: Received[];
  /** Answers for the next requests, in order; when they are used up, the usual answer (200) again. */
  nextAnswers: (...answers: Answer[]) => void;
  usualAnswer: (answer: Answer) => void;
  /** Waits until so many requests have come in all. Fails after `withinMs`. */
  waitFor: (count: number, withinMs?: number) => Promise<Received[]>;
  close: () => Promise<void>;
};

const MAX_BODY_BYTES = 16 * 1024 * 1024;
const POLL_MS = 5;
const open = new Set<Receiver>();

// A receiver that outlives its test would answer the next one's requests.
afterEach(async () => {
  const left = [...open];
  for (const receiver of left) await receiver.close();
  if (left.length > 0)
    throw new Error(`${left.length} receiver(s) left open: ${left.map((r) => r.url).join(", ")}`);
});

/**
 * Starts a receiver on a free port.
 * @param options.shared for one that a `beforeAll` opens and an `afterAll` closes
 */
export async function startReceiver(
  options: { path?: string; host?: string; shared?: boolean } = {},
): Promise<Receiver> {
  const received: Received[] = [];
  const queue: Answer[] = [];
  let usual: Answer = { status: 200 };
  const server = createServer((raw, response) => {
    void (async () => {
      const request = await read(raw);
      received.push(request);
      await give(queue.shift() ?? usual, request, response, raw);
    })().catch(() => raw.destroy());
  });
  const host = options.host ?? "127.0.0.1";
  await once(server.listen(0, host), "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const receiver: Receiver = {
    url: `http://${host}:${port}${options.path ?? "/hooks"}`,
    port,
    received,
    nextAnswers: (...answers) => void queue.push(...answers),
    usualAnswer: (answer) => void (usual = answer),
    waitFor: (count, withinMs = 30_000) => waitFor(received, count, withinMs),
    close: async () => {
      open.delete(receiver);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  if (options.shared !== true) open.add(receiver);
  return receiver;
}

async function waitFor(received: Received[], count: number, withinMs: number): Promise<Received[]> {
  const deadline = performance.now() + withinMs;
  while (received.length < count) {
    if (performance.now() > deadline)
      throw new Error(`${received.length} of ${count} requests came within ${withinMs} ms`);
    await sleep(POLL_MS);
  }
  return received;
}

async function read(raw: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of raw as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error("more than a receiver of a test takes");
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return {
    method: raw.method ?? "",
    path: raw.url ?? "",
    headers: raw.headers,
    rawHeaders: raw.rawHeaders,
    body,
    json: () => JSON.parse(body.toString("utf8")) as unknown,
    at: new Date(),
  };
}

async function give(
  answer: Answer,
  request: Received,
  response: ServerResponse,
  raw: IncomingMessage,
): Promise<void> {
  if (typeof answer === "function") return answer(request, response, raw);
  if (answer.afterMs !== undefined) await sleep(answer.afterMs);
  response.writeHead(answer.status, answer.headers).end(answer.body ?? "");
}
