// The storefront's block in a browser, on a telephone: what a customer sees of the account, from the first paint on.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { install } from "../../demo/merchant.ts";
import type { Customer } from "../../demo/shopify/goods.ts";
import type { Demo } from "../../demo/start.ts";
import { seriousFaults } from "./accessible.ts";
import { openBrowser, openDemo, openPage, placeOrder } from "./in-the-browser.ts";

const WIDTH = 360;

let demo: Demo;
let browser: Browser;
let ada: Customer;
let grace: Customer;

const copyOf = (customer: Customer) =>
  [...demo.shop.metafields.values()].find((one) => one.ownerId === customer.gid && one.key === "loyalty")
    ?.value;

beforeAll(async () => {
  [demo, browser] = await Promise.all([openDemo(), openBrowser()]);
  await install(demo);
  const [first, second] = [...demo.shop.customers.values()];
  if (!first || !second) throw new Error("the demo shop has no two customers");
  [ada, grace] = [first, second];
  placeOrder(demo, 14, { customer: ada });
  await vi.waitUntil(() => copyOf(ada) !== undefined, { timeout: 30_000, interval: 200 });
});
afterAll(async () => {
  await browser.close();
  await demo.stop();
});

/** Everything that the accounts on the page ever showed, and how far things jumped, from before the first paint. */
async function watch(page: Page): Promise<() => Promise<{ shown: string[]; shift: number }>> {
  await page.addInitScript(() => {
    const seen = { shown: [] as string[], shift: 0 };
    Object.assign(window, { seen });
    const look = () => {
      for (const account of document.querySelectorAll<HTMLElement>("[data-laurel-account]")) {
        const points = account.querySelector("[data-laurel=points]")?.textContent.trim() ?? "";
        const now = `${account.dataset["state"] ?? ""}: ${points}`;
        if (!seen.shown.includes(now)) seen.shown.push(now);
      }
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.shift += (entry as unknown as { value: number }).value;
    }).observe({ type: "layout-shift", buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as { seen: { shown: string[]; shift: number } }).seen);
}

async function visit(customer: Customer | null): Promise<{
  page: Page;
  complaints: string[];
  seen: () => Promise<{ shown: string[]; shift: number }>;
}> {
  const { page, complaints } = await openPage(browser, WIDTH);
  const store = `${demo.standIn.url}/store/${demo.shop.handle}`;
  await page.request.post(`${store}/login`, { form: { customer: customer?.id.toString() ?? "" } });
  const seen = await watch(page);
  const answered = customer && page.waitForResponse((answer) => answer.url().includes("/apps/laurel/member"));
  await page.goto(store);
  await answered;
  await page.waitForLoadState("networkidle");
  return { page, complaints, seen };
}

test("an enrolled customer sees the balance from the first paint, and nothing else before or after", async () => {
  const { page, complaints, seen } = await visit(ada);
  const { points, tier } = JSON.parse(copyOf(ada) ?? "{}") as { points: number; tier: { name: string } };
  const words = `${points.toLocaleString("en")} points`;
  await page.locator(".laurel-block").getByText(words).waitFor();
  await page.locator(".laurel-block").getByText(tier.name, { exact: true }).waitFor();
  const { shown, shift } = await seen();
  expect(shown.filter((state) => state !== "ready: ")).toEqual([`ready: ${words}`]);
  expect(shift).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(WIDTH);
  expect(await seriousFaults(page.mainFrame(), [])).toEqual([]);
  await page.screenshot({ path: "test-results/screens/storefront-360.png" });
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("a page that arrives tag by tag is drawn without a jump", async () => {
  const { page, complaints } = await openPage(browser, WIDTH);
  const store = `${demo.standIn.url}/store/${demo.shop.handle}`;
  await page.request.post(`${store}/login`, { form: { customer: ada.id.toString() } });
  const whole = await (await page.request.get(store)).text();
  const seen = await watch(page);
  await page.route(store, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(store);
  await page.evaluate(async (pieces) => {
    document.open();
    for (const piece of pieces) {
      document.write(piece);
      await new Promise(requestAnimationFrame);
    }
    document.close();
  }, whole.split(/(?=<)/));
  await page.locator("[data-laurel-launcher] summary").waitFor();
  await page.waitForLoadState("networkidle");
  expect((await seen()).shift).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("the launcher is reached, opened and closed by keyboard alone, and its panel fits", async () => {
  const { page, complaints } = await visit(ada);
  const summary = page.locator("[data-laurel-launcher] summary");
  const isThere = () => summary.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60 && !(await isThere()); presses += 1) await page.keyboard.press("Tab");
  expect(await isThere()).toBe(true);
  await page.keyboard.press("Enter");
  const panel = page.locator(".laurel-panel");
  await panel.locator(".laurel-points").waitFor();
  const box = await panel.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((box?.x ?? 0) + (box?.width ?? WIDTH)).toBeLessThanOrEqual(WIDTH);
  await page.screenshot({ path: "test-results/screens/storefront-launcher-360.png" });
  await page.keyboard.press("Escape");
  expect(await panel.isVisible()).toBe(false);
  expect(await isThere()).toBe(true);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("a customer whose copy has not come yet sees the account in the same place, without a jump", async () => {
  expect(copyOf(grace)).toBeUndefined();
  const { page, complaints, seen } = await visit(grace);
  const { shown, shift } = await seen();
  expect(shown.map((state) => state.split(":")[0])).toEqual(expect.arrayContaining(["loading"]));
  expect(shown.some((state) => state.startsWith("error"))).toBe(false);
  expect(shift).toBeLessThan(0.01);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("a guest is asked to sign in, and no request is made", async () => {
  const { page, complaints, seen } = await visit(null);
  await page.locator(".laurel-block").getByRole("link").waitFor();
  expect((await seen()).shown).toEqual(["signed-out: "]);
  expect(complaints).toEqual([]);
  await page.context().close();
});

test("the worker has written the program for the theme to read", async () => {
  const program = () => [...demo.shop.metafields.values()].find(({ key }) => key === "program");
  await vi.waitUntil(program, { timeout: 30_000, interval: 200 });
  expect(JSON.parse(program()?.value ?? "null")).toMatchObject({ version: 1, currency: demo.shop.currency });
});
