// Sends webhooks to the app as Shopify does: signed, five seconds for an answer, eight retries, at least once.
import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import type { TopicSubscription } from "./app-config.ts";
import { exactJson } from "./exact-json.ts";

/** Shopify's eight waits, four hours in all, in seconds. */
export const RETRY_WAITS_S: readonly number[] = [60, 180, 420, 900, 1500, 2400, 3600, 5340];
const ANSWER_WITHIN_MS = 5_000;
const MAX_LOGGED = 500;

export type Attempt = { at: string; status: number | null; ms: number; error: string | null };
export type WebhookState = "sending" | "delivered" | "waiting" | "given up";
export type SentWebhook = {
  webhookId: string;
  eventId: string;
  topic: string;
  shop: string;
  uri: string;
  triggeredAt: string;
  duplicate: boolean;
  state: WebhookState;
  attempts: Attempt[];
  body: string;
};

/** How the line misbehaves. Shopify promises no order and no "exactly once"; these make it show. */
export type LineSettings = { duplicates: boolean; reorder: boolean };

export type Happening = { topic: string; body: unknown; extra?: Record<string, string> };

export type WebhookSender = {
  /** Tells the app what happened in a shop by one action of the merchant: all its topics share an event id. */
  send(shop: string, happenings: Happening[]): SentWebhook[];
  /** Sends a logged webhook again: same webhook id, same bytes. Undefined when it is not in the log. */
  redeliver(webhookId: string): SentWebhook | undefined;
  log(): readonly SentWebhook[];
  settings: LineSettings;
  /** Resolves when nothing is under way or waiting for a retry. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

export type SenderOptions = {
  appUrl: string;
  apiSecret: string;
  apiVersion: string;
  topics: readonly TopicSubscription[];
  /** Shopify's waits are divided by this; 1 is real time. */
  haste: number;
  onChange?: (webhook: SentWebhook) => void;
};

/** Base64 of HMAC-SHA256 over the raw body, keyed by the app's client secret: `X-Shopify-Hmac-Sha256`. */
export const webhookHmac = (body: string, apiSecret: string): string =>
  createHmac("sha256", apiSecret).update(body, "utf8").digest("base64");

/** Only the fields that a subscription asks for. */
function narrowed(body: unknown, fields: string[] | undefined): unknown {
  if (!fields || typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => fields.includes(name)));
}

function headersOf(webhook: SentWebhook, options: SenderOptions, extra: Record<string, string>) {
  return {
    "Content-Type": "application/json",
    "User-Agent": "Shopify-Captain-Hook",
    "X-Shopify-Topic": webhook.topic,
    "X-Shopify-Shop-Domain": webhook.shop,
    "X-Shopify-API-Version": options.apiVersion,
    "X-Shopify-Webhook-Id": webhook.webhookId,
    "X-Shopify-Event-Id": webhook.eventId,
    "X-Shopify-Triggered-At": webhook.triggeredAt,
    "X-Shopify-Hmac-Sha256": webhookHmac(webhook.body, options.apiSecret),
    ...extra,
  };
}

async function attempt(url: URL, webhook: SentWebhook, headers: Record<string, string>): Promise<Attempt> {
  const begun = performance.now();
  const done = (status: number | null, error: string | null): Attempt => ({
    at: new Date().toISOString(),
    status,
    ms: Math.round(performance.now() - begun),
    error,
  });
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers,
      body: webhook.body,
      redirect: "manual",
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    await answer.body?.cancel();
    return done(answer.status, answer.ok ? null : `answered ${answer.status}`);
  } catch (error) {
    const late = error instanceof Error && error.name === "TimeoutError";
    return done(null, late ? "no answer within five seconds" : "no connection");
  }
}

/** Opens the line to one app. */
export function openWebhookSender(options: SenderOptions): WebhookSender {
  const settings: LineSettings = { duplicates: false, reorder: false };
  const log: SentWebhook[] = [];
  const extras = new Map<string, Record<string, string>>();
  const closing = new AbortController();
  const running = new Set<Promise<void>>();

  const deliver = async (webhook: SentWebhook): Promise<void> => {
    const url = new URL(webhook.uri, options.appUrl);
    const headers = headersOf(webhook, options, extras.get(webhook.webhookId) ?? {});
    for (const seconds of [...RETRY_WAITS_S, null]) {
      webhook.state = "sending";
      const made = await attempt(url, webhook, headers);
      webhook.attempts.push(made);
      webhook.state = made.error === null ? "delivered" : seconds === null ? "given up" : "waiting";
      options.onChange?.(webhook);
      if (made.error === null || seconds === null) return;
      await wait((seconds * 1000) / options.haste, undefined, { signal: closing.signal });
    }
  };

  const start = (webhook: SentWebhook): SentWebhook => {
    log.unshift(webhook);
    for (const old of log.splice(MAX_LOGGED)) extras.delete(old.webhookId);
    const run: Promise<void> = deliver(webhook)
      .catch(() => undefined) // the line was closed while it waited
      .finally(() => running.delete(run));
    running.add(run);
    return webhook;
  };

  return {
    settings,
    log: () => log,
    send(shop, happenings) {
      const eventId = randomUUID();
      const sent = happenings.flatMap(({ topic, body, extra = {} }) =>
        options.topics
          .filter((subscription) => subscription.topic === topic)
          .map((subscription): SentWebhook => {
            const webhookId = randomUUID();
            extras.set(webhookId, extra);
            return {
              webhookId,
              eventId,
              topic,
              shop,
              uri: subscription.uri,
              triggeredAt: new Date().toISOString().replace("Z", "000000Z"),
              duplicate: false,
              state: "sending",
              attempts: [],
              body: exactJson(narrowed(body, subscription.includeFields)),
            };
          }),
      );
      const twice = settings.duplicates ? [...sent, ...sent.map((webhook) => copyOf(webhook))] : sent;
      (settings.reorder ? twice.toReversed() : twice).forEach(start);
      return sent;
    },
    redeliver(webhookId) {
      const known = log.find((webhook) => webhook.webhookId === webhookId);
      return known ? start(copyOf(known)) : undefined;
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
    async close() {
      closing.abort();
      await Promise.all(running);
    },
  };
}

const copyOf = (webhook: SentWebhook): SentWebhook => ({
  ...webhook,
  duplicate: true,
  state: "sending",
  attempts: [],
});
