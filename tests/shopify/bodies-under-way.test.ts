// All bodies that arrive at once hold a bounded sum of bytes; who finds no room is told to send again.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerWebhook } from "../../app/inbound/answer-webhook.server.ts";
import { shopIdFrom } from "../../app/loyalty/ids.ts";
import { BODY_BYTES_MAX } from "../../app/shopify/inbound.server.ts";
import { readBody, UNDER_WAY_BYTES_MAX } from "../../app/shopify/read-body.server.ts";
import { requestOf } from "./send.ts";

const server = createServer((request, response) => void answerWebhook(request, response));
beforeAll(async () => void (await once(server.listen(0, "127.0.0.1"), "listening")));
afterAll(() => server.close().closeAllConnections());

const post = async () => {
  const shop = shopIdFrom("somebody.myshopify.com");
  if (shop === null) throw new Error("no shop");
  const { headers } = requestOf({ topic: "orders/paid", shop, body: { id: 1 } });
  // Signed for another body: refused as soon as it is read, before any database.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/orders/paid`;
  return fetch(url, { method: "POST", headers, body: '{"id":2}' });
};

/** Sends all but the last bytes of the longest body, then waits; `end` sends them, `breakOff` does not. */
function slowly() {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const part = new Uint8Array(BODY_BYTES_MAX - 10);
  const sent = Promise.withResolvers<undefined>();
  async function* send() {
    yield part;
    sent.resolve(undefined);
    await promise;
    yield new Uint8Array(10);
  }
  const read = readBody({ headers: {}, [Symbol.asyncIterator]: send }, BODY_BYTES_MAX).catch(
    () => "broken off" as const,
  );
  return {
    read,
    sent: sent.promise,
    end: () => resolve(undefined),
    breakOff: () => reject(new Error("reset")),
  };
}

test("slow bodies hold 64 MB at the most; others are told to come again until one ends or breaks off", async () => {
  const fit = Math.floor(UNDER_WAY_BYTES_MAX / (BODY_BYTES_MAX - 10));
  const slow = Array.from({ length: fit + 1 }, slowly);
  await Promise.all(slow.map(({ sent }) => sent));
  const [first, second, ...others] = slow;
  const filler = readBody(
    {
      headers: {},
      async *[Symbol.asyncIterator]() {
        yield new Uint8Array(UNDER_WAY_BYTES_MAX - fit * (BODY_BYTES_MAX - 10));
        await first?.read;
      },
    },
    BODY_BYTES_MAX,
  );
  const refused = await post();
  expect([refused.status, refused.headers.get("retry-after"), await refused.text()]).toEqual([
    503,
    "10",
    "too_many_bodies",
  ]);
  first?.breakOff();
  expect(await first?.read).toBe("broken off");
  expect((await filler).ok).toBe(true);
  expect((await post()).status).toBe(401);
  for (const { end } of [second, ...others].filter((one) => one !== undefined)) end();
  const read = await Promise.all(slow.map(async (one) => one.read));
  expect(read.filter((body) => body !== "broken off" && body.ok)).toHaveLength(fit - 1);
  expect(read.at(-1)).toEqual({ ok: false, refusal: "too_many_bodies" });
  expect((await post()).status).toBe(401);
});
