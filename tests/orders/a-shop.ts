// A shop with its program, and webhooks for it: orders, refunds and customers go in as they do from the routes.
import { createHash } from "node:crypto";
import { earnFromOrder } from "../../app/ledger/order-points.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import type { ProgramSettings } from "../../app/loyalty/program.ts";
import { DEFAULT_PROGRAM } from "../../app/loyalty/program.ts";
import type { Result } from "../../app/loyalty/refusal.ts";
import { lockMembers } from "../../app/members/lock.server.ts";
import { recordCustomer } from "../../app/orders/record-customer.server.ts";
import { recordOrder } from "../../app/orders/record-order.server.ts";
import type { Recorded } from "../../app/orders/record-order.server.ts";
import type { Received, Told } from "../../app/orders/received.ts";
import { inShop } from "../../app/platform/db.server.ts";
import type { ShopTx } from "../../app/platform/db.server.ts";
import { now } from "../../app/platform/clock.server.ts";
import { installProgram, saveProgram } from "../../app/program/save.server.ts";
import { customerFrom } from "../../app/shopify/customer.ts";
import { exactJson } from "../../app/shopify/exact-json.ts";
import { instantFrom } from "../../app/shopify/fields.ts";
import { orderFrom } from "../../app/shopify/order.ts";
import { refundFrom } from "../../app/shopify/refund.ts";
import { orderBody, refundBody } from "./order-body.ts";
import type { OrderWords, RefundWords } from "./order-body.ts";

let shops = 0;
let webhooks = 0;

/** Installs a new shop with the default program, or with changes to it. */
export async function aShop(changes: Partial<ProgramSettings> = {}, currency = "USD"): Promise<ShopId> {
  shops += 1;
  const shop = `shop-${process.pid}-${shops}.myshopify.com` as ShopId;
  await inShop(shop, async (tx) => {
    await tx.db.shop.create({ data: { id: shop, name: "Example", currency, installedAt: now() } });
    await installProgram(tx, now());
    if (Object.keys(changes).length > 0) await changeProgram(tx, changes, 1);
  });
  return shop;
}

/** Saves a program with these changes to the default. */
export async function changeProgram(
  tx: ShopTx,
  changes: Partial<ProgramSettings>,
  basedOn: number,
): Promise<void> {
  const settings = { ...DEFAULT_PROGRAM, ...changes };
  const saved = await saveProgram(tx, { settings, basedOn, by: "test", at: now() });
  if (!saved.ok) throw new Error(saved.refusal);
}

export type Sent = { topic?: string; webhookId?: string; triggeredAt?: string };

function read<Value>(body: unknown, reader: (json: unknown) => Result<Value>): Value {
  const json = exactJson(JSON.stringify(body));
  const seen = json.ok ? reader(json.value) : json;
  if (!seen.ok) throw new Error(seen.refusal);
  return seen.value;
}

function received(body: unknown, sent: Sent, topic: string): Received {
  webhooks += 1;
  return {
    topic: sent.topic ?? topic,
    webhookId: sent.webhookId ?? `webhook-${webhooks}`,
    bodyHash: createHash("sha256").update(JSON.stringify(body)).digest("hex"),
    triggeredAt: instantFrom(sent.triggeredAt ?? null),
    at: now(),
  };
}

async function recorded(shop: ShopId, told: Told, how: Received): Promise<Recorded> {
  const done = await recordOrder(shop, told, how);
  if (!done.ok) throw new Error(done.refusal);
  return done.value;
}

/** Sends an order's webhook and throws on a refusal. */
export function sendOrder(shop: ShopId, words: Partial<OrderWords> = {}, sent: Sent = {}): Promise<Recorded> {
  const body = orderBody(words);
  return recorded(shop, { kind: "order", seen: read(body, orderFrom) }, received(body, sent, "orders/paid"));
}

export function sendRefund(shop: ShopId, words: RefundWords, sent: Sent = {}): Promise<Recorded> {
  const body = refundBody(words);
  return recorded(
    shop,
    { kind: "refund", seen: read(body, refundFrom) },
    received(body, sent, "refunds/create"),
  );
}

export async function sendCustomer(
  shop: ShopId,
  words: { id: string; email?: string; verified?: boolean },
): Promise<string> {
  const body = {
    id: words.id,
    email: words.email ?? null,
    verified_email: words.verified ?? true,
    first_name: "Ada",
  };
  const { memberId } = await recordCustomer(shop, read(body, customerFrom));
  return memberId;
}

/** Gives a customer's member more points than one order or one adjustment may. */
export async function givePoints(shop: ShopId, customerId: string, points: number): Promise<void> {
  await inShop(shop, async (tx) => {
    const [member] = await lockMembers(tx, { customerIds: [customerId] });
    if (!member) throw new Error(`${customerId} is no member`);
    const order = { orderId: `given-${customerId}`, posting: 1, reason: null, basis: {} };
    earnFromOrder(tx, member, { ...order, points, actor: "test", at: now() });
  });
}

export type MemberSeen = {
  id: string;
  balance: number;
  owed: number;
  lifetimePoints: number;
  tierId: string | null;
  state: string;
  sequence: number;
};

/** The member of a customer, or null. */
export async function memberOf(shop: ShopId, customerId: string): Promise<MemberSeen | null> {
  return inShop(shop, (tx) => tx.db.member.findFirst({ where: { shopId: shop, customerId } }));
}

export type EventSeen = { type: string; sequence: number; data: Record<string, unknown> };

/** The shop's events in the order in which they were recorded, of one member where asked. */
export async function eventsOf(shop: ShopId, memberId?: string): Promise<EventSeen[]> {
  const where = { shopId: shop, ...(memberId ? { memberId } : {}) };
  const rows = await inShop(shop, (tx) => tx.db.event.findMany({ where, orderBy: { position: "asc" } }));
  return rows.map(({ type, sequence, body }) => {
    const envelope = JSON.parse(body ?? "{}") as { data?: Record<string, unknown> };
    return { type, sequence, data: envelope.data ?? {} };
  });
}

export async function entriesOf(
  shop: ShopId,
): Promise<{ kind: string; points: number; source: string; shortfall: number }[]> {
  const select = { kind: true, points: true, source: true, shortfall: true };
  const orderBy = [{ recordedAt: "asc" as const }, { position: "asc" as const }];
  return inShop(shop, (tx) => tx.db.ledgerEntry.findMany({ where: { shopId: shop }, select, orderBy }));
}
