// The REST API as it is met from outside: the demo's one line for programs, then fetch, then its pages in a browser.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seriousFaults } from "./accessible.ts";
import { freeTrio, openBrowser, openPage } from "./in-the-browser.ts";

const READY_MS = 110_000;

type Line = { app: string; restUrl: string; restKey: string; receiverEndpoint: string };

let demo: ChildProcess;
let line: Line;
let browser: Browser;

beforeAll(async () => {
  demo = spawn(process.execPath, ["demo/main.ts", "--json", "--port", String(await freeTrio())], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (demo.stdout === null) throw new Error("the demo has no output");
  const lines = createInterface({ input: demo.stdout });
  const [[text]] = await Promise.all([
    once(lines, "line", { signal: AbortSignal.timeout(READY_MS) }) as Promise<[string]>,
    openBrowser().then((opened) => (browser = opened)),
  ]);
  line = JSON.parse(text) as Line;
});
afterAll(async () => {
  await browser.close();
  const ended = once(demo, "exit");
  demo.kill("SIGTERM");
  await ended;
});

type Sent = { body?: object; headers?: Record<string, string> };
type Body = { data: { id: string; attributes: Record<string, unknown> }; errors: { code: string }[] };

async function ask(method: string, path: string, { body, headers }: Sent = {}) {
  const response = await fetch(`${line.restUrl}${path}`, {
    method,
    headers: { Authorization: `Bearer ${line.restKey}`, "Content-Type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { response, status: response.status, text, body: (text === "" ? {} : JSON.parse(text)) as Body };
}

test("the demo's line names an address and a key that answer", async () => {
  expect(line.restUrl).toBe(`${line.app}/v1`);
  const { status, response } = await ask("GET", "/customers");
  expect([status, response.headers.get("Content-Type")]).toEqual([200, "application/vnd.api+json"]);
  expect(response.headers.get("RateLimit-Limit")).toBe("24");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
});

test("a resource is created once, read, changed and deleted", async () => {
  const sent = {
    body: { url: line.receiverEndpoint, events: ["points.earned"] },
    headers: { "Idempotency-Key": "e2e-1" },
  };
  const created = await ask("POST", "/webhook-subscriptions", sent);
  const again = await ask("POST", "/webhook-subscriptions", sent);
  expect([created.status, again.status, again.response.headers.get("Idempotency-Replayed")]).toEqual([
    201,
    201,
    "true",
  ]);
  const at = `/webhook-subscriptions/${created.body.data.id}`;
  const changed = await ask("PATCH", at, { body: { description: "Warehouse" } });
  expect(changed.body.data.attributes["description"]).toBe("Warehouse");
  const head = await ask("HEAD", at);
  expect([head.status, head.text]).toEqual([200, ""]);
  expect((await ask("DELETE", at)).status).toBe(200);
  expect((await ask("GET", at)).status).toBe(404);
});

test("what cannot be answered is refused in the API's own words", async () => {
  const put = await ask("PUT", "/customers");
  expect([put.status, put.response.headers.get("Allow"), put.body.errors[0]?.code]).toEqual([
    405,
    "GET",
    "method_not_allowed",
  ]);
  const nobody = await fetch(`${line.restUrl}/customers`);
  expect([nobody.status, nobody.headers.get("WWW-Authenticate")]).toEqual([401, "Bearer"]);
  expect(((await nobody.json()) as Body).errors[0]?.code).toBe("api_key_missing");
  expect((await ask("GET", "/nothing")).body.errors[0]?.code).toBe("path_unknown");
});

test.each([
  ["openapi.json", { openapi: "3.1.0" }],
  ["asyncapi.json", { asyncapi: "3.0.0" }],
])("%s is served to anybody", async (name, words) => {
  const response = await fetch(`${line.restUrl}/${name}`);
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
  const text = await response.text();
  expect(JSON.parse(text)).toMatchObject(words);
  expect(text).toContain(line.app);
});

describe.each([1280, 360])("at %i pixels", (width) => {
  test.each([
    ["the reference", "/docs", "pointer"],
    ["the page of events", "/docs/events", "points_balance"],
  ])("%s is calm, fits, and can be read aloud", async (_name, path, word) => {
    const { page, complaints } = await openPage(browser, width);
    await page.goto(`${line.restUrl}${path}`);
    await page.getByText(word).first().waitFor({ state: "attached" });
    await page.evaluate(() => document.querySelectorAll("details").forEach((folded) => (folded.open = true)));
    const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content).toBeLessThanOrEqual(window ?? 0);
    expect(await seriousFaults(page.mainFrame(), [])).toEqual([]);
    await page.screenshot({ path: `test-results/screens/api${path.replaceAll("/", "-")}-${width}.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test("the reference leads to the events and back", async () => {
  const { page } = await openPage(browser, 1280);
  await page.goto(`${line.app}/v1`);
  await page.getByRole("link", { name: "Webhook events", exact: true }).click();
  await page.getByRole("heading", { name: "Laurel webhooks" }).waitFor();
  await page.getByRole("link", { name: "REST API", exact: true }).click();
  await page.getByRole("heading", { name: "Laurel REST API" }).waitFor();
});
