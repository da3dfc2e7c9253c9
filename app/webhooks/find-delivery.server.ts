// One delivery with its attempts, and each attempt's request as it was sent: the signature is made again.
import { Prisma } from "../../generated/prisma/index.js";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { HIDDEN_VALUE } from "./custom-headers.ts";
import { explainError } from "./error-class.ts";
import { sayIn } from "./formats/formats.ts";
import { DELIVERY_COLUMNS, deliveryView } from "./list-deliveries.server.ts";
import type { DeliveryView } from "./list-deliveries.server.ts";
import { openKeys } from "./prepare.server.ts";
import { makeRequest } from "./request.server.ts";
import { STANDING_HEADERS } from "./send.server.ts";
import { openHeaders } from "./stored-headers.server.ts";
import type { StoredHeaders } from "./stored-headers.server.ts";

const ATTEMPTS_SHOWN = 200;

export type AttemptView = {
  number: number;
  startedAt: Date;
  durationMs: number;
  manual: boolean;
  status: number | null;
  /** In a merchant's words; null when delivered. */
  failure: string | null;
  answer: string | null;
  answerHeaders: Record<string, string> | null;
  /** As sent; null where it can no longer be told: another URL, headers or secret since, or the body is gone. */
  request: RequestView | null;
};

/** `headers` with the merchant's own values hidden: they may hold credentials. */
export type RequestView = { url: string; headers: Record<string, string>; body: string };
/** `body`: as sent, in the delivery's format. */
export type DeliveryDetails = DeliveryView & { body: string | null; list: AttemptView[] };

type Origin = {
  url: string;
  headers: StoredHeaders;
  secret: string;
  next_secret: string | null;
  /** Of this URL, these headers and these secrets. */
  since: Date;
};
type AttemptRow = Omit<AttemptView, "failure" | "request"> & { error: string | null };

/** The delivery with its newest 200 attempts, oldest first; null where the shop has none with this id. */
export async function findDelivery(shopId: ShopId, id: string): Promise<DeliveryDetails | null> {
  return inShop(shopId, async (tx) => {
    const [row] = await tx.db.$queryRaw<
      (Parameters<typeof deliveryView>[0] & { body: string | null })[]
    >(Prisma.sql`
      SELECT ${DELIVERY_COLUMNS}, e.body FROM delivery d JOIN event e ON e.shop_id = d.shop_id AND e.event_id = d.event_id
       WHERE d.shop_id = ${shopId} AND d.delivery_id = ${id}`);
    if (row === undefined) return null;
    const { body, ...delivery } = row;
    const view = deliveryView(delivery);
    const origin = await originOf(tx, view.subscriptionId);
    const attempts = await attemptsOf(tx, id);
    const list = attempts.map(({ error, ...attempt }) => ({
      ...attempt,
      failure: error === null ? null : explainError(error),
      request:
        origin === null || body === null
          ? null
          : requestOf(shopId, view, attempt, { ...origin, stored: body }),
    }));
    const said = body === null ? null : sayIn(view.format, view.eventType, body);
    return { ...view, body: said?.body ?? null, list };
  });
}

async function attemptsOf(tx: ShopTx, id: string): Promise<AttemptRow[]> {
  const rows = await tx.db.$queryRaw<AttemptRow[]>`
    SELECT number, started_at AS "startedAt", duration_ms AS "durationMs", manual, status, error, answer,
           answer_headers AS "answerHeaders"
      FROM attempt WHERE shop_id = ${tx.shopId} AND delivery_id = ${id} ORDER BY number DESC LIMIT ${ATTEMPTS_SHOWN}`;
  return rows.reverse();
}

async function originOf(tx: ShopTx, subscriptionId: string): Promise<Origin | null> {
  const [row] = await tx.db.$queryRaw<Origin[]>`
    SELECT url, headers,
           greatest(sent_as_since, CASE WHEN rotation_ends_at <= now() THEN rotation_ends_at END) AS since,
           CASE WHEN rotation_ends_at <= now() THEN coalesce(next_secret, secret) ELSE secret END AS secret,
           CASE WHEN rotation_ends_at > now() THEN next_secret END AS next_secret
      FROM subscription WHERE shop_id = ${tx.shopId} AND subscription_id = ${subscriptionId}`;
  return row ?? null;
}

function requestOf(
  shopId: ShopId,
  delivery: DeliveryView,
  attempt: { number: number; startedAt: Date },
  { url, headers: sealed, since, stored, ...secrets }: Origin & { stored: string },
): RequestView | null {
  if (since > attempt.startedAt) return null;
  const keys = openKeys({ shop_id: shopId, subscription_id: delivery.subscriptionId, ...secrets });
  const headers = openHeaders(sealed, [shopId, delivery.subscriptionId]);
  if (keys === null || headers === null) return null;
  const hidden = Object.fromEntries(Object.keys(headers).map((name) => [name, HIDDEN_VALUE]));
  const { eventId: id, eventType: type, format } = delivery;
  const { number, startedAt: at } = attempt;
  const attempted = { format, url: new URL(url), id, type, attempt: number, stored, at };
  const request = makeRequest(keys, { ...hidden, ...STANDING_HEADERS }, attempted);
  return request && { url, headers: request.headers, body: request.body.toString("utf8") };
}
