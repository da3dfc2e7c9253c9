// A shop on the Growth plan with a subscription, events owed to it, an endpoint, and an engine that sends to it.
import { afterEach } from "vitest";
import { shopIdFrom } from "../../app/loyalty/ids.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { record } from "../../app/events/record.server.ts";
import { catalogue } from "../../app/events/catalogue.ts";
import { createEngine } from "../../app/webhooks/engine.server.ts";
import type { EngineOptions } from "../../app/webhooks/engine.server.ts";
import { createSubscription } from "../../app/webhooks/save-subscription.server.ts";
import { createSender } from "../../app/webhooks/send.server.ts";
import type { SenderOptions } from "../../app/webhooks/send.server.ts";
import { now } from "../../app/platform/clock.server.ts";
import { startReceiver } from "../support/receiver.ts";
import type { Receiver } from "../support/receiver.ts";

/** The deadline of whoever is not about deadlines: a slow machine must not make an answer a late one. */
const DEADLINE_MS = 15_000;

let shops = 0;

/** An installed shop on Growth. */
export async function growthShop(): Promise<ShopId> {
  shops += 1;
  const shopId = shopIdFrom(`endpoint-${shops}.myshopify.com`);
  if (shopId === null) throw new Error("no shop id");
  const row = { id: shopId, name: "Test", currency: "EUR", plan: "growth", sendsWebhooks: true };
  await inShop(shopId, (tx) => tx.db.shop.create({ data: { ...row, installedAt: now() } }));
  return shopId;
}

type More = {
  ratePerSecond?: number;
  format?: string;
  eventTypes?: readonly string[];
  headers?: [string, string][];
};

/** A subscription to `order.recorded` at `url`, through the use case. */
export async function subscribe(shopId: ShopId, url: string, more: More = {}) {
  const form = {
    url,
    format: "laurel",
    eventTypes: ["order.recorded"],
    description: "",
    headers: [],
    ratePerSecond: null,
    ...more,
  };
  const created = await createSubscription(shopId, form);
  if (!created.ok) throw new Error(created.refusal);
  return created.value;
}

/** Records so many events of a type in one transaction each hundred. */
export async function owe(shopId: ShopId, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 100) {
    await inShop(shopId, (tx) => {
      for (let i = 0; i < Math.min(left, 100); i += 1) {
        const data = catalogue["order.recorded"].example;
        record(tx, { type: "order.recorded", memberId: null, occurredAt: now(), data });
      }
      return Promise.resolve();
    });
  }
}

type Options = Partial<EngineOptions> & Partial<SenderOptions>;

/** An engine with its own sender, sweeping quickly; the caller stops it. `engine` stops by itself. */
export function startEngine(options: Options = {}) {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const sender = createSender({ deadlineMs, loopbackHosts: ["127.0.0.1"], ...options });
  const engine = createEngine({ sender, schedule: [0.05, 0.1, 0.2], sweepMs: 100, ...options, deadlineMs });
  engine.start();
  return {
    ...engine,
    stop: async () => {
      await engine.stop();
      await sender.close();
    },
  };
}

// The engines first: they finish what they have under way with receivers that still answer.
const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** An engine of this test, stopped after it. */
export function engine(options: Options = {}) {
  const started = startEngine(options);
  stops.push(() => started.stop());
  return started;
}

/** An endpoint of this test, closed after it and after its engines. */
export async function endpoint(): Promise<Receiver> {
  const receiver = await startReceiver();
  stops.unshift(() => receiver.close());
  return receiver;
}

export type DeliveryRow = {
  state: string;
  reason: string | null;
  attempts: number;
  claims: number;
  step: number;
  lease: string | null;
  last_status: number | null;
};

/** The shop's deliveries as they stand, oldest first. */
export const deliveriesOf = (shopId: ShopId) =>
  inShop(
    shopId,
    (tx) => tx.db.$queryRaw<DeliveryRow[]>`
      SELECT state, reason, attempts, claims, step, lease::text, last_status FROM delivery
       WHERE shop_id = ${shopId} ORDER BY created_at, delivery_id`,
  );

/** Runs one statement in the shop, past the use cases. */
export const inSql = (shopId: ShopId, statement: string) =>
  inShop(shopId, (tx) => tx.db.$executeRawUnsafe(statement));

/** Leaves the subscription with a secret whose key is gone. */
export const loseKey = (shopId: ShopId, id: string) =>
  inSql(
    shopId,
    `UPDATE subscription SET secret = 'v1:lost:AAAA:AAAA:AAAA' WHERE shop_id = '${shopId}' AND subscription_id = '${id}'`,
  );

/** How many deliveries are in each state. */
export async function statesOf(shopId: ShopId): Promise<Record<string, number>> {
  const states: Record<string, number> = {};
  for (const { state } of await deliveriesOf(shopId)) states[state] = (states[state] ?? 0) + 1;
  return states;
}

/** Asks until `check` no longer throws; fails with its last complaint after `withinMs`. */
export async function eventually(check: () => Promise<void>, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await new Promise((later) => setTimeout(later, 20));
    }
  }
}
