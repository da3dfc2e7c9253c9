// Bodies that we did not write, where a folder of them stands beside the checkout: each is posted, twice, and proves.
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { proveLedger } from "../../app/ledger/queries.server.ts";
import { recordCustomer } from "../../app/orders/record-customer.server.ts";
import { recordOrder } from "../../app/orders/record-order.server.ts";
import type { Told } from "../../app/orders/received.ts";
import { now } from "../../app/platform/clock.server.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { customerFrom } from "../../app/shopify/customer.ts";
import { exactJson } from "../../app/shopify/exact-json.ts";
import { orderFrom } from "../../app/shopify/order.ts";
import { refundFrom } from "../../app/shopify/refund.ts";
import { aShop } from "./a-shop.ts";
import "../support/database.ts";
import { elsewhere } from "../support/elsewhere.ts";

const folder = elsewhere("payloads") ?? "";
const files = folder ? globSync("{orders,refunds,customers}-*/*.json", { cwd: folder }).sort() : [];

function toldBy(file: string, json: object): Told | null {
  const isRefund = dirname(file) === "refunds-create";
  const seen = isRefund ? refundFrom(json) : orderFrom(json);
  if (!seen.ok) return null;
  return "refund" in seen.value ? { kind: "refund", seen: seen.value } : { kind: "order", seen: seen.value };
}

describe.skipIf(files.length === 0)("bodies from elsewhere", () => {
  test("all are posted to one shop, in any order and twice, and its ledger proves itself", async () => {
    const shop = await aShop({
      counts: { tax: true, shipping: true, tips: true, testOrders: true, draftOrders: true },
    });
    let posted = 0;
    for (const [index, file] of [...files, ...files.reverse()].entries()) {
      const json = exactJson(readFileSync(join(folder, file)));
      if (!json.ok) continue;
      if (file.startsWith("customers-")) {
        const customer = customerFrom(json.value);
        if (customer.ok) await recordCustomer(shop, customer.value);
        continue;
      }
      const told = toldBy(file, json.value);
      if (!told) continue;
      const topic = dirname(file).replace("-", "/");
      const received = {
        topic,
        webhookId: `elsewhere-${index}`,
        bodyHash: file,
        triggeredAt: null,
        at: now(),
      };
      expect(await recordOrder(shop, told, received), file).toMatchObject({ ok: true });
      posted += 1;
    }
    expect(posted).toBeGreaterThan(50);
    expect((await inShop(shop, (tx) => proveLedger(tx))).faults).toEqual([]);
  });
});
