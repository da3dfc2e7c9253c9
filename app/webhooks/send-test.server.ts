// The Test button: sends a type's example to one subscription now, waits for the answer, and keeps the attempt.
import { isEventType } from "../events/catalogue.ts";
import type { EventType } from "../events/catalogue.ts";
import { recordTest } from "../events/record-test.server.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import type { ShopTx } from "../platform/db.server.ts";
import { env } from "../platform/env.server.ts";
import { onShutdown } from "../platform/shutdown.server.ts";
import { explainError } from "./error-class.ts";
import { carries } from "./formats/formats.ts";
import { LANE_POLICY, LEASE_MARGIN_MS } from "./lane-policy.ts";
import { subscriptionToChange } from "./may-change.server.ts";
import { openKeys } from "./prepare.server.ts";
import { makeRequest } from "./request.server.ts";
import { createSender, STANDING_HEADERS } from "./send.server.ts";
import type { Sender } from "./send.server.ts";
import { settleDeliveries } from "./settle.server.ts";
import { openHeaders } from "./stored-headers.server.ts";
import type { StoredHeaders } from "./stored-headers.server.ts";

/** Of one shop: a test holds a request and a socket of the web process for as long as the endpoint likes. */
export const MAX_TESTS_UNDER_WAY = 3;

/** What the endpoint said. `error` in a merchant's words, null when delivered; `answer` the first 4 KiB. */
export type TestAnswer = {
  deliveryId: string;
  eventId: string;
  delivered: boolean;
  status: number | null;
  error: string | null;
  answer: string | null;
  durationMs: number;
};

let sender: Sender | undefined;

function senderOfThisProcess(): Sender {
  if (sender !== undefined) return sender;
  const { WEBHOOK_DEADLINE_MS: deadlineMs, WEBHOOK_LOOPBACK_HOSTS: loopbackHosts } = env();
  const opened = createSender({ deadlineMs, loopbackHosts });
  sender = opened;
  onShutdown("test sender", async () => {
    sender = undefined;
    await opened.close();
  });
  return opened;
}

type Ready = Awaited<ReturnType<typeof recordTest>> & {
  url: string;
  headers: Record<string, string>;
  keys: Keys;
  format: string;
  revision: number;
};
type Keys = NonNullable<ReturnType<typeof openKeys>>;

async function prepareTest(shopId: ShopId, id: string, type: EventType): Promise<Result<Ready>> {
  return inShop(shopId, async (tx): Promise<Result<Ready>> => {
    const found = await subscriptionToChange(tx, id, null);
    if (!found.ok) return found;
    if (found.value.state !== "enabled") return refuse("subscription_not_enabled");
    const { secret, nextSecret } = found.value;
    const keys = openKeys({ shop_id: shopId, subscription_id: id, secret, next_secret: nextSecret });
    if (keys === null) return refuse("secret_unreadable");
    const where = { id, shopId };
    const { url, format, ...stored } = await tx.db.subscription.findUniqueOrThrow({ where });
    const headers = openHeaders(stored.headers as StoredHeaders, [shopId, id]);
    if (headers === null) return refuse("secret_unreadable");
    if (!carries(format, type)) return refuse("event_type_not_in_format", { field: "eventType" });
    const leaseMs = env().WEBHOOK_DEADLINE_MS + LEASE_MARGIN_MS;
    if ((await countUnderWay(tx, leaseMs)) >= MAX_TESTS_UNDER_WAY) return refuse("tests_too_many");
    const recorded = await recordTest(tx, { subscriptionId: id, format, type, leaseMs });
    return accept({ ...recorded, url, headers, keys, format, revision: found.value.revision });
  });
}

// Under the lock of the shop's row, so that no two count the same. A test whose process died counts until its lease ends.
async function countUnderWay(tx: ShopTx, leaseMs: number): Promise<number> {
  const [row] = await tx.db.$queryRaw<{ tests: number }[]>`
    SELECT count(*)::int AS tests FROM (SELECT FROM delivery d
      JOIN event e ON e.shop_id = d.shop_id AND e.event_id = d.event_id AND e.test
      WHERE d.shop_id = ${tx.shopId} AND d.created_at > now() - ${leaseMs}::int * interval '1 ms'
        AND d.manual AND d.state = 'pending' AND d.leased_until > now() LIMIT ${MAX_TESTS_UNDER_WAY}) under_way`;
  return row?.tests ?? 0;
}

/**
 * Sends the example of `eventType` (any of the catalogue, `test` among them), marked as a test, and waits for the
 * answer: the deadline at the most. Tried once; the attempt is in the log like any other. Refuses a fourth at once.
 */
export async function sendTest(shopId: ShopId, id: string, eventType: string): Promise<Result<TestAnswer>> {
  if (!isEventType(eventType)) return refuse("event_type_unknown", { field: "eventType" });
  const ready = await prepareTest(shopId, id, eventType);
  if (!ready.ok) return ready;
  const { eventId, deliveryId, lease, keys, format, body: stored, at } = ready.value;
  const url = new URL(ready.value.url);
  const standing = { ...ready.value.headers, ...STANDING_HEADERS };
  const attempt = { format, url, id: eventId, type: eventType, attempt: 1, stored, at };
  const request = makeRequest(keys, standing, attempt);
  if (request === null) throw new Error(`a test of ${eventType} was recorded for the format ${format}`);
  const result = await senderOfThisProcess().send({ url, at, ...request });
  const { verdict, status, error, durationMs, answer, answerHeaders } = result;
  const outcome = {
    d: deliveryId,
    l: lease,
    v: verdict,
    st: status,
    er: error,
    ms: durationMs,
    at: at.getTime(),
  };
  await settleDeliveries(
    [{ ...outcome, an: answer, ah: answerHeaders, ra: result.retryAfterMs, rv: ready.value.revision }],
    LANE_POLICY,
  );
  const words = error === null ? null : explainError(error);
  return accept({
    deliveryId,
    eventId,
    delivered: verdict === "delivered",
    status,
    error: words,
    answer,
    durationMs,
  });
}
