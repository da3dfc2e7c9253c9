// A customer's webhooks in any order and number end in the newest profile.
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { aShop } from "../orders/a-shop.ts";
import "../support/database.ts";
import { send } from "./send.ts";

const STATES = ["Ada", "Ada", "Augusta", "Ada", "Countess"].map((first_name, index) => ({
  first_name,
  email: `${first_name.toLowerCase()}@example.com`,
  verified_email: true,
  updated_at: `2026-11-20T10:0${index}:00+01:00`,
}));

async function profileAfter(shop: ShopId, customer: number, order: readonly number[]) {
  for (const index of order) {
    const body = { id: customer, ...STATES[index] };
    const topic = index === 0 ? "customers/create" : "customers/update";
    expect(await send({ topic, shop, body })).toBe(200);
  }
  return inShop(shop, (tx) =>
    tx.db.member.findFirst({ where: { shopId: shop, customerId: String(customer) } }),
  );
}

test("whatever comes last, twice or late, the newest state is kept", async () => {
  const shop = await aShop();
  let customer = 1000;
  const orders = fc.shuffledSubarray([0, 1, 2, 3, 4, 1, 2, 4], { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(orders, async (order) => {
      customer += 1;
      const newest = STATES[Math.max(...order)];
      const member = await profileAfter(shop, customer, order);
      expect(member).toMatchObject({ firstName: newest?.first_name, email: newest?.email });
    }),
    { numRuns: 25 },
  );
});
