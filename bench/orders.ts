// `npm run bench -- orders`: order webhooks to committed points, new and repeated, beside a bare loop of the same SQL.
import { createHmac, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { Pool } from "undici";
import type { ShopId } from "../app/loyalty/ids.ts";
import { DEFAULT_PROGRAM } from "../app/loyalty/program.ts";
import { ensureBuild } from "../server/ensure-build.ts";
import { startLaurel } from "../server/laurel.ts";
import { postBare } from "./bare-ledger.ts";
import { measure, measureAtRate, row } from "./figures.ts";
import type { Figures } from "./figures.ts";
import { orderText } from "./order-body.ts";
import { familyMs, parentOf, processorMs } from "./processor-time.ts";

const SHOP = "bench.myshopify.com" as ShopId;
const CUSTOMERS = 300;
const LANES = [1, 8, 32];
/** Enough for every customer to be enrolled and for the process to have compiled what it runs often. */
const WARM = 1_000;
const ORDERS = Number(process.env["BENCH_ORDERS"] ?? 1_000);
const RATE = 100;
const AT_RATE = 3_000;
const SECRET = "laurel-bench-client-secret";
const ENVIRONMENT = {
  NODE_ENV: "test",
  HOST: "127.0.0.1",
  PORT: "0",
  // The nightly round tells of every order that the bare loop writes past the rules.
  LOG_LEVEL: "silent",
  SHOPIFY_APP_URL: "http://localhost:3000",
  SHOPIFY_API_KEY: "laurel-bench-client",
  SHOPIFY_API_SECRET: SECRET,
  LAUREL_KEYRING: `bench:${randomBytes(32).toString("base64")}`,
  DATABASE_URL: undefined,
};

type Send = (orderId: string, webhookId: string) => Promise<void>;
/** Milliseconds of processor time that web and PostgreSQL have used so far. */
type Meter = () => { web: number; postgres: number };

/**
 * Prints the table; throws when an order was not answered 200. Each order is a signed webhook over HTTP to the built
 * web process, answered after COMMIT. BENCH_ORDERS sets how many go into each row.
 */
export async function benchOrders(): Promise<void> {
  await ensureBuild((line) => process.stdout.write(`${line}\n`));
  const folder = mkdtempSync(join(tmpdir(), "laurel-bench-"));
  const laurel = await startLaurel({ env: ENVIRONMENT, dataDir: folder });
  const pool = new pg.Pool({ connectionString: laurel.databaseUrl, max: 32 });
  pool.on("error", () => undefined);
  try {
    await install(pool);
    const { rows } = await pool.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    const postmaster = rows[0] && parentOf(rows[0].pid);
    const meter = () => ({ web: processorMs(laurel.pids().web), postgres: familyMs(postmaster) });
    await run(senderTo(laurel.url), pool, meter);
  } finally {
    await pool.end();
    await laurel.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function run(send: Send, pool: pg.Pool, meter: Meter): Promise<void> {
  let first = 1_000_000;
  const customerOf = (id: number): string => String(1 + (id % CUSTOMERS));
  await measure(WARM, 8, (i) => send(String(first + i), `warm-${i}`));
  // As the server's own housekeeping does within the first minute: plans made for empty tables read a whole shop.
  await pool.query("ANALYZE");
  for (const lanes of LANES) {
    first += 100_000;
    const from = first;
    const order = (i: number) => send(String(from + i), `new-${from + i}`);
    const fresh = await metered(`new orders, ${lanes} at once`, meter, () => measure(ORDERS, lanes, order));
    await metered(`the same webhooks again, ${lanes} at once`, meter, () => measure(ORDERS, lanes, order));
    const bare = await metered(`bare pg loop, ${lanes} at once`, meter, () =>
      measure(ORDERS, lanes, (i) => bareOrder(pool, String(from + 50_000 + i), customerOf(from + i))),
    );
    process.stdout.write(`  ratio to the bare loop: ${(fresh.perSecond / bare.perSecond).toFixed(2)}\n`);
  }
  await metered(`new orders at ${RATE} a second (target p99 60 ms)`, meter, () =>
    measureAtRate(AT_RATE, RATE, (i) => send(String(9_000_000 + i), `rate-${i}`)),
  );
}

/** Measures, and prints the row with the processor time of each task. */
async function metered(name: string, meter: Meter, task: () => Promise<Figures>): Promise<Figures> {
  const before = meter();
  const figures = await task();
  const after = meter();
  const each = (of: keyof ReturnType<Meter>) => ((after[of] - before[of]) / figures.count).toFixed(1);
  process.stdout.write(
    `${row(name, figures)}  processor: web ${each("web")} ms, PostgreSQL ${each("postgres")} ms\n`,
  );
  return figures;
}

async function bareOrder(pool: pg.Pool, id: string, customerId: string): Promise<void> {
  const client = await pool.connect();
  try {
    await postBare(client, SHOP, { id, customerId });
  } finally {
    client.release();
  }
}

// As Shopify leaves it after the first visit: the shop, and its first program.
async function install(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    await client.query("SELECT set_config('laurel.shop_id', $1, true)", [SHOP]);
    await client.query(
      "INSERT INTO shop (shop_id, name, currency, installed_at, program_version) VALUES ($1, 'Bench', 'USD', now(), 1)",
      [SHOP],
    );
    await client.query(
      "INSERT INTO program (shop_id, version, settings, saved_by, created_at) VALUES ($1, 1, $2, 'bench', now())",
      [SHOP, JSON.stringify(DEFAULT_PROGRAM)],
    );
    await client.query("COMMIT");
  } finally {
    client.release();
  }
}

function senderTo(url: string): Send {
  const agent = new Pool(url, { connections: 64 });
  return async (orderId, webhookId) => {
    const body = orderText(orderId, String(1 + (Number(orderId) % CUSTOMERS)));
    const headers = {
      "content-type": "application/json",
      "x-shopify-topic": "orders/paid",
      "x-shopify-hmac-sha256": createHmac("sha256", SECRET).update(body).digest("base64"),
      "x-shopify-shop-domain": SHOP,
      "x-shopify-api-version": "2026-10",
      "x-shopify-webhook-id": webhookId,
    };
    const answer = await agent.request({ path: "/webhooks/orders/paid", method: "POST", headers, body });
    await answer.body.dump();
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
  };
}
