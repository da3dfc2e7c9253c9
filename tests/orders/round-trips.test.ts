// The hot path counts its round trips: the number in record-order.server.ts is the number on the wire.
import { Socket } from "node:net";
import { Client } from "pg";
import { afterEach, expect, test, vi } from "vitest";
import { aShop, sendOrder } from "./a-shop.ts";
import "../support/database.ts";

afterEach(() => vi.restoreAllMocks());

/** What goes to the server in one piece is one round trip, however many statements it holds. */
async function counted(work: () => Promise<unknown>): Promise<{ trips: number; statements: number }> {
  const query = vi.spyOn(Client.prototype, "query");
  const pieces = [vi.spyOn(Socket.prototype, "_write"), vi.spyOn(Socket.prototype, "_writev")];
  await work();
  const trips = pieces.reduce((sum, { mock }) => sum + mock.calls.length, 0);
  const statements = query.mock.calls.length;
  vi.restoreAllMocks();
  return { trips, statements };
}

test("an ordinary paid order of a known member takes three round trips, and so does a repeated one", async () => {
  const shop = await aShop();
  await sendOrder(shop, { id: "1" });
  const first = await counted(() => sendOrder(shop, { id: "2" }, { webhookId: "counted" }));
  expect(first).toEqual({ trips: 3, statements: 7 });
  const again = await counted(() => sendOrder(shop, { id: "2" }, { webhookId: "counted" }));
  expect(again).toEqual({ trips: 3, statements: 4 });
});
