// Bodies that others have published, sent to the routes of their topics: heard or refused, never a failure of ours.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { COMPLIANCE_TOPICS, TOPICS } from "../../app/shopify/topics.ts";
import { aShop, sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";
import { elsewhere } from "../support/elsewhere.ts";
import { send } from "./send.ts";

const folder = elsewhere("payloads");
const bodies = [...TOPICS, ...COMPLIANCE_TOPICS].flatMap((topic) => {
  const of = folder === undefined ? [] : globSync(join(folder, topic.replace("/", "-"), "*.json"));
  return of.map((file) => ({ topic, file, name: file.split("/").at(-1) ?? "" }));
});
let shop: ShopId;

beforeEach(async () => {
  shop = await aShop();
  await sendOrder(shop, { id: "1" });
});

describe.skipIf(bodies.length === 0)("published bodies", () => {
  test.each(bodies)("$topic: $name", async ({ topic, file }) => {
    const body = readFileSync(file, "utf8").replaceAll("{shop}.myshopify.com", shop);
    expect([200, 400]).toContain(await send({ topic, shop, body }));
    expect([200, 400]).toContain(await send({ topic, shop, body }));
  });
});
