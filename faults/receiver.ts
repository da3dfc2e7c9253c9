// The receiver of a fault run, in a process that nothing kills: keeps what came, and answers as each round wants it.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Came } from "./receiver-link.ts";

/** `from` and `count`: which requests of the round, counted from 1. `afterMs` null = held until `release`. */
const Manner = z.object({
  from: z.number(),
  count: z.number(),
  status: z.number(),
  afterMs: z.number().nullable(),
});
const Asked = z.discriminatedUnion("ask", [
  z.object({ ask: z.literal("manner"), n: z.number(), round: z.string(), manner: Manner }),
  z.object({
    ask: z.literal("reached"),
    n: z.number(),
    round: z.string(),
    count: z.number(),
    answered: z.boolean(),
  }),
  z.object({ ask: z.literal("release"), n: z.number(), round: z.string() }),
  z.object({ ask: z.literal("report"), n: z.number(), round: z.string() }),
]);
type Waiter = { count: number; answered: boolean; tell: () => void };
type Round = {
  came: Came[];
  answered: number;
  manner: z.output<typeof Manner>;
  held: (() => void)[];
  waiters: Waiter[];
};

const MAX_BODY_BYTES = 1024 * 1024;
const NORMAL = { from: Infinity, count: 0, status: 200, afterMs: 0 };
const rounds = new Map<string, Round>();

// The path is /<round>/<subscription>.
function roundOf(name: string): Round {
  const known = rounds.get(name) ?? { came: [], answered: 0, manner: NORMAL, held: [], waiters: [] };
  rounds.set(name, known);
  return known;
}

function tellWaiters(round: Round): void {
  const [over, left] = [[] as Waiter[], [] as Waiter[]];
  for (const waiter of round.waiters) {
    const count = waiter.answered ? round.answered : round.came.length;
    (count >= waiter.count ? over : left).push(waiter);
  }
  round.waiters = left;
  for (const { tell } of over) tell();
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error("too long for a webhook");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function cameOf(request: IncomingMessage, body: Buffer): Came {
  const { headers } = request;
  const at = Date.now();
  const id = String(headers["webhook-id"]);
  const said = z.object({ id: z.string() }).parse(JSON.parse(body.toString("utf8")));
  return {
    path: request.url ?? "",
    id,
    at,
    sameIds: said.id === id && headers["x-webhook-id"] === id,
    bodyHash: createHash("sha256").update(body).digest("hex"),
    clockOffMs: Number(headers["webhook-timestamp"]) * 1000 - at,
    status: null,
    answeredAt: null,
  };
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const round = roundOf((request.url ?? "").split("/")[1] ?? "");
  const came = cameOf(request, body);
  const nth = round.came.push(came);
  const { from, count, status, afterMs } = round.manner;
  const odd = nth >= from && nth < from + count;
  tellWaiters(round);
  if (odd && afterMs === null) await new Promise<void>((release) => round.held.push(release));
  else if (odd && afterMs !== null) await sleep(afterMs);
  came.status = odd ? status : 200;
  came.answeredAt = Date.now();
  response.writeHead(came.status).end("ok", () => {
    round.answered += 1;
    tellWaiters(round);
  });
}

function heed(message: unknown): void {
  const asked = Asked.parse(message);
  const round = roundOf(asked.round);
  const answer = (value: unknown = null) => void process.send?.({ n: asked.n, value });
  switch (asked.ask) {
    case "manner":
      round.manner = asked.manner;
      return answer();
    case "reached":
      round.waiters.push({ count: asked.count, answered: asked.answered, tell: answer });
      return tellWaiters(round);
    case "release":
      round.manner = NORMAL;
      for (const release of round.held.splice(0)) release();
      return answer();
    case "report":
      return answer(round.came);
  }
}

const server = createServer((request, response) => {
  receive(request, response).catch(() => request.destroy());
});
process.on("message", heed).on("disconnect", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.(typeof address === "object" ? address?.port : 0);
});
