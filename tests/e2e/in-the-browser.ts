// The demo, started for one test file, and a browser that writes down every complaint of a page.
import { mkdtempSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { chromium, type Browser, type Frame, type Page } from "playwright-core";
import { startDemo } from "../../demo/start.ts";
import type { Demo } from "../../demo/start.ts";
import { findBrowser } from "../support/needs.ts";

// Headless Chromium names itself a robot, and the library answers robots with 410.
const USER_AGENT =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const TRIES = 20;

const isFree = (port: number) =>
  new Promise<boolean>((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });

/** The first of three ports in a row that are free: what a demo takes. */
export async function freeTrio(): Promise<number> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    // Below what systems give to connections of their own (from 32768 on Linux), so that none is taken meanwhile.
    const port = 20_000 + Math.floor(Math.random() * 4_000) * 3;
    const free = await Promise.all([port, port + 1, port + 2].map(isFree));
    if (free.every(Boolean)) return port;
  }
  throw new Error("no three free ports in a row");
}

/** Starts the demo on ports and a database of its own. */
export async function openDemo(): Promise<Demo> {
  const dataDir = join(mkdtempSync(join(tmpdir(), "laurel-e2e-")), "postgres");
  return startDemo({ port: await freeTrio(), dataDir });
}

/** The demo's database, every shop of it; the caller ends it. */
export async function openDatabase(demo: Demo): Promise<pg.Client> {
  const database = new pg.Client({ connectionString: demo.databaseUrl });
  await database.connect();
  await database.query("SELECT set_config('laurel.shop_id', '*', false)");
  return database;
}

/** A browser; the caller closes it. */
export function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser();
  if (executablePath === undefined) throw new Error("no browser on this machine");
  return chromium.launch({ executablePath, args: FLAGS });
}

/** A page of `width` pixels; `complaints` gathers console errors and warnings and uncaught errors. */
export async function openPage(
  browser: Browser,
  width: number,
): Promise<{ page: Page; complaints: string[] }> {
  const viewport = { width, height: width < 500 ? 760 : 860 };
  const context = await browser.newContext({ userAgent: USER_AGENT, viewport });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  return { page, complaints };
}

/** Opens a screen of the app inside the stand-in's admin and waits until it is drawn and alive. */
export async function openScreen(page: Page, demo: Demo, path: string): Promise<Frame> {
  await page.goto(`${demo.standIn.url}/admin/store/${demo.shop.handle}/apps/laurel${path}`);
  await page.frameLocator("iframe").locator("h1").first().waitFor();
  const frame = page.frames().find((candidate) => candidate.url().startsWith(demo.appUrl));
  if (frame === undefined) throw new Error(`no frame of the app on ${page.url()}`);
  // Polaris colours the body when React has taken over all of the page, and its effects run before
  // the browser is idle; a click before that leads nowhere.
  await frame.waitForFunction(() => document.body.style.color !== "");
  await frame.evaluate(() => new Promise((idle) => requestIdleCallback(idle)));
  await frame.waitForLoadState("networkidle");
  return frame;
}

/** Opens a screen as `openScreen` does, with a browser that lets it copy. */
export async function openToCopy(page: Page, demo: Demo, path: string): Promise<Frame> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  return openScreen(page, demo, path);
}

type Place = Demo["standIn"]["actions"]["place"];

/** Somebody buys so many of the shop's first product: its first customer, unless `more` says who, and how. */
export function placeOrder(
  { shop, standIn }: Demo,
  quantity = 1,
  more: Partial<Parameters<Place>[1]> = {},
): ReturnType<Place> {
  const [customer] = shop.customers.values();
  const product = shop.products.find((one) => !one.giftCard);
  if (customer === undefined || product === undefined) throw new Error("the demo shop is empty");
  return standIn.actions.place(shop, { customer, lines: [{ product, quantity }], ...more });
}
