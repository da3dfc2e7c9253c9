// The hot path counts its round trips: the number in record-order.server.ts is the number on the wire.
import { Client } from "pg";
import { expect, test, vi } from "vitest";
import { aShop, sendOrder } from "./a-shop.ts";
import "../support/database.ts";

test("an ordinary paid order of a known member takes eight round trips, and a repeated one five", async () => {
  const shop = await aShop();
  await sendOrder(shop, { id: "1" });
  const query = vi.spyOn(Client.prototype, "query");
  await sendOrder(shop, { id: "2" }, { webhookId: "counted" });
  expect(query.mock.calls).toHaveLength(8);
  query.mockClear();
  await sendOrder(shop, { id: "2" }, { webhookId: "counted" });
  expect(query.mock.calls).toHaveLength(5);
  query.mockRestore();
});
