// A merchant's endpoint with a page of its own: keeps what it got, verified both ways, and misbehaves when asked.
import { setTimeout as sleep } from "node:timers/promises";
import express, { type Request, type Response } from "express";
import { z } from "zod";
import { asset } from "../assets.ts";
import { inTime, listen, localOnly } from "../listen.ts";
import { refuseInProduction } from "../production-guard.ts";
import { receiverPage } from "./page.ts";
import { passesHex, passesStandard, PATH } from "./verify.ts";

const KEPT_MAX = 5_000;
const SECRETS_MAX = 100;
const BODY_MAX = "1mb";
const SLOW_MS = 20_000;

export const MODES = { ok: 200, failing: 500, gone: 410, slow: 200 } as const;
export type Mode = keyof typeof MODES;

export type Received = {
  id: string;
  event: string;
  shop: string;
  sequence: number | null;
  attempt: number;
  at: string;
  /** Verified by the standardwebhooks package; by Mage's scheme, in Open Loyalty's format by that one. */
  standard: boolean;
  /** A secret was known when it came: without one nothing can be verified. */
  checked: boolean;
  mage: boolean;
  /** An earlier request had the same id. */
  duplicate: boolean;
  answered: number;
  headers: Record<string, string>;
  body: string;
};

export type Receiver = {
  url: string;
  /** Where webhooks go. */
  endpoint: string;
  received: readonly Received[];
  addSecret: (secret: string) => void;
  setMode: (mode: Mode) => void;
  close: () => Promise<void>;
};

// Other formats than Laurel's say neither.
const Envelope = z.object({ shop: z.string(), sequence: z.number().nullish() }).partial();

function envelopeOf(body: Buffer): z.infer<typeof Envelope> {
  try {
    return Envelope.parse(JSON.parse(body.toString("utf8")));
  } catch {
    return {};
  }
}

type Known = { secrets: ReadonlySet<string>; seen: ReadonlySet<string>; answered: number };

function entryFrom(request: Request, { secrets, seen, answered }: Known): Received {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const { shop = "", sequence } = envelopeOf(body);
  const id = request.get("webhook-id") ?? "";
  const passes = (check: typeof passesHex) =>
    [...secrets].some((secret) => check(request.headers, body, secret));
  return {
    id,
    event: request.get("x-webhook-event") ?? "",
    shop,
    sequence: sequence ?? null,
    attempt: Number(request.get("x-webhook-attempt") ?? 0),
    at: new Date().toISOString(),
    checked: secrets.size > 0,
    standard: passes(passesStandard),
    mage: passes(passesHex),
    duplicate: seen.has(id),
    answered,
    headers: Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: body.toString("utf8"),
  };
}

/** Starts the receiver on `port` (0 takes a free one). Refuses in production. */
export async function startReceiver(port: number): Promise<Receiver> {
  refuseInProduction(process.env);
  const received: Received[] = [];
  const seen = new Set<string>();
  const secrets = new Set<string>();
  const watchers = new Set<Response>();
  let mode: Mode = "ok";
  const addSecret = (secret: string) => {
    if (secrets.size < SECRETS_MAX) secrets.add(secret);
  };

  const server = express().disable("x-powered-by").use(localOnly);
  server.post(
    PATH,
    express.raw({ type: () => true, limit: BODY_MAX }),
    inTime(async (request, response) => {
      const [status, slow] = [MODES[mode], mode === "slow"];
      const entry = entryFrom(request, { secrets, seen, answered: status });
      seen.add(entry.id);
      received.push(entry);
      if (received.length > KEPT_MAX) received.shift();
      for (const watcher of watchers) watcher.write(`data: ${JSON.stringify(entry)}\n\n`);
      if (slow) await sleep(SLOW_MS);
      if (!response.destroyed) response.status(status).json({ received: status === 200 });
    }),
  );
  server.get(
    "/",
    (request, response) =>
      void response.send(receiverPage(received, mode, `http://${request.headers.host ?? ""}${PATH}`)),
  );
  server.get("/received", (_request, response) => void response.json(received));
  server.get("/live", (_request, response) => {
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store" }).flushHeaders();
    watchers.add(response);
    response.on("close", () => watchers.delete(response));
  });
  server.post("/secrets", express.json(), (request, response) => {
    const asked = z.object({ secret: z.string().min(8).max(200) }).safeParse(request.body);
    if (asked.success) addSecret(asked.data.secret);
    response.status(asked.success ? 204 : 422).end();
  });
  server.post("/mode", express.json(), (request, response) => {
    const asked = z.object({ mode: z.enum(["ok", "failing", "gone", "slow"]) }).safeParse(request.body);
    if (asked.success) mode = asked.data.mode;
    response.status(asked.success ? 204 : 422).end();
  });
  server.get("/assets/receiver.js", asset(new URL("browser.ts", import.meta.url)));
  server.get("/assets/plain.css", asset(new URL("../plain.css", import.meta.url)));

  const listening = await listen(server, port);
  return {
    url: listening.url,
    endpoint: `${listening.url}${PATH}`,
    received,
    addSecret,
    setMode: (asked) => {
      mode = asked;
    },
    close: async () => {
      for (const watcher of watchers) watcher.end();
      await listening.close();
    },
  };
}
