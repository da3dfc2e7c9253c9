// `npm run bench -- orders`: order webhooks to committed points, new and repeated, beside a bare loop of the same SQL.
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { ShopId } from "../app/loyalty/ids.ts";
import { startPostgres } from "../server/postgres.ts";
import { migrateDatabase } from "../server/migrate-database.ts";
import { postBare } from "./bare-ledger.ts";
import { measure, measureAtRate, row } from "./figures.ts";
import { orderText } from "./order-body.ts";

const SHOP = "bench.myshopify.com" as ShopId;
const CUSTOMERS = 300;
const LANES = [1, 8, 32];
const ORDERS = Number(process.env["BENCH_ORDERS"] ?? 1_000);
const RATE = 100;
const AT_RATE = 500;

type Send = (orderId: string, webhookId: string) => Promise<void>;

/** Prints the table; throws when an order was not posted. BENCH_ORDERS sets how many go into each row. */
export async function benchOrders(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "laurel-bench-"));
  const postgres = await startPostgres({ dataDir: folder });
  try {
    await migrateDatabase(postgres.url);
    setEnvironment(postgres.url);
    const send = await sender();
    const pool = new pg.Pool({ connectionString: postgres.url, max: 32 });
    pool.on("error", () => undefined);
    await run(send, pool);
    await pool.end();
    const { shutdown } = await import("../app/platform/shutdown.server.ts");
    await shutdown();
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(send: Send, pool: pg.Pool): Promise<void> {
  let first = 1_000_000;
  const customerOf = (id: number): string => String(1 + (id % CUSTOMERS));
  await measure(CUSTOMERS, 8, (i) => send(String(first + i), `warm-${i}`));
  for (const lanes of LANES) {
    first += 100_000;
    const from = first;
    const fresh = await measure(ORDERS, lanes, (i) => send(String(from + i), `new-${from + i}`));
    process.stdout.write(`${row(`new orders, ${lanes} at once`, fresh)}\n`);
    const again = await measure(ORDERS, lanes, (i) => send(String(from + i), `new-${from + i}`));
    process.stdout.write(`${row(`the same webhooks again, ${lanes} at once`, again)}\n`);
    const bare = await measure(ORDERS, lanes, (i) =>
      bareOrder(pool, String(from + 50_000 + i), customerOf(from + i)),
    );
    process.stdout.write(`${row(`bare pg loop, ${lanes} at once`, bare)}\n`);
    process.stdout.write(`  ratio to the bare loop: ${(fresh.perSecond / bare.perSecond).toFixed(2)}\n`);
  }
  const steady = await measureAtRate(AT_RATE, RATE, (i) => send(String(9_000_000 + i), `rate-${i}`));
  process.stdout.write(`${row(`new orders at ${RATE} a second (target p99 60 ms)`, steady)}\n`);
}

async function bareOrder(pool: pg.Pool, id: string, customerId: string): Promise<void> {
  const client = await pool.connect();
  try {
    await postBare(client, SHOP, { id, customerId });
  } finally {
    client.release();
  }
}

// The app's modules read the environment when they are first imported.
function setEnvironment(databaseUrl: string): void {
  Object.assign(process.env, {
    DATABASE_URL: databaseUrl,
    DATABASE_POOL: "16",
    LOG_LEVEL: "silent",
    SHOPIFY_APP_URL: "http://localhost:3000",
    SHOPIFY_API_KEY: "laurel-bench-client",
    SHOPIFY_API_SECRET: "laurel-bench-client-secret",
    LAUREL_KEYRING: `bench:${randomBytes(32).toString("base64")}`,
  });
}

async function sender(): Promise<Send> {
  const { inShop } = await import("../app/platform/db.server.ts");
  const { now } = await import("../app/platform/clock.server.ts");
  const { recordOrder } = await import("../app/orders/record-order.server.ts");
  const { installProgram } = await import("../app/program/save.server.ts");
  const { exactJson } = await import("../app/shopify/exact-json.ts");
  const { orderFrom } = await import("../app/shopify/order.ts");
  await inShop(SHOP, async (tx) => {
    await tx.db.shop.create({ data: { id: SHOP, name: "Bench", currency: "USD", installedAt: now() } });
    await installProgram(tx, now());
  });
  return async (orderId, webhookId) => {
    const text = orderText(orderId, String(1 + (Number(orderId) % CUSTOMERS)));
    const json = exactJson(text);
    const seen = json.ok ? orderFrom(json.value) : json;
    if (!seen.ok) throw new Error(seen.refusal);
    const bodyHash = createHash("sha256").update(text).digest("hex");
    const received = { topic: "orders/paid", webhookId, bodyHash, triggeredAt: null, at: now() };
    const done = await recordOrder(SHOP, { kind: "order", seen: seen.value }, received);
    if (!done.ok) throw new Error(done.refusal);
  };
}
