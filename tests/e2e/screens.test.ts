// Every screen at a desk's and at a telephone's width: no complaint in the console, nothing sideways, nothing that
// a screen reader stumbles over. Leaves a picture of each in test-results/screens/.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { install, deliveriesShown, makeApiKey, subscribe } from "../../demo/merchant.ts";
import type { Demo } from "../../demo/start.ts";
import { seriousFaults } from "./accessible.ts";
import { openBrowser, openDatabase, openDemo, openPage, openScreen, placeOrder } from "./in-the-browser.ts";

const WIDTHS = [1280, 360];
/** Polaris draws these itself; what it draws is not ours to mend. */
const NOT_OURS = ["aria-allowed-attr", "aria-conditional-attr", "aria-required-children"];

let demo: Demo;
let browser: Browser;
let delivery = "";
let subscription = "";
let order = "";

beforeAll(async () => {
  [demo, browser] = await Promise.all([openDemo(), openBrowser()]);
  await install(demo);
  subscription = await subscribe(demo, [
    "points.earned",
    "points.reversed",
    "customer.tier_upgrade",
    "order.recorded",
  ]);
  const database = await openDatabase(demo);
  await database.query("UPDATE subscription SET headers = $1", [
    { "X-Api-Key": "very-secret", "X-Warehouse": "north" },
  ]);
  await database.end();
  await makeApiKey(demo, "Warehouse");
  const placed = placeOrder(demo, 14, { shipping: 700n });
  order = placed.order.id.toString();
  await vi.waitUntil(
    async () => (await deliveriesShown(demo, subscription)).some((one) => one.state === "delivered"),
    {
      timeout: 20_000,
      interval: 200,
    },
  );
  delivery = (await deliveriesShown(demo, subscription))[0]?.id ?? "";
});
afterAll(async () => {
  await browser.close();
  await demo.stop();
});

const SCREENS: readonly (readonly [string, () => string])[] = [
  ["home", () => "/app"],
  ["members", () => "/app/members"],
  ["order", () => `/app/orders/${order}`],
  ["program", () => "/app/program"],
  ["plan", () => "/app/plan"],
  ["settings", () => "/app/settings"],
  ["api-keys", () => "/app/settings/api-keys"],
  ["privacy", () => "/app/settings/privacy"],
  ["webhooks", () => "/app/settings/webhooks"],
  ["new-subscription", () => "/app/settings/webhooks/new"],
  ["subscription", () => `/app/settings/webhooks/${subscription}`],
  ["subscription-settings", () => `/app/settings/webhooks/${subscription}?view=settings`],
  ["delivery", () => `/app/settings/webhooks/${subscription}/deliveries/${delivery}`],
  ["events", () => "/app/settings/events"],
];

describe.each(WIDTHS)("at %i pixels", (width) => {
  test.each(SCREENS)("%s is calm, fits, and can be read aloud", async (name, path) => {
    const { page, complaints } = await openPage(browser, width);
    const frame = await openScreen(page, demo, path());
    const [content, window] = await frame.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content).toBeLessThanOrEqual(window ?? 0);
    expect(await seriousFaults(frame, NOT_OURS)).toEqual([]);
    await page.screenshot({ path: `test-results/screens/${name}-${width}.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

test("a member's page is reached from the list, and corrects points once however often one clicks", async () => {
  const { page, complaints } = await openPage(browser, 360);
  const frame = await openScreen(page, demo, "/app/members");
  await frame.locator("a[href^='/app/members/']").first().click();
  await frame.getByRole("button", { name: "Adjust points" }).first().click();
  await frame.getByRole("textbox", { name: "Points" }).fill("100");
  await frame.getByRole("textbox", { name: "Note" }).fill("Welcome");
  await frame.getByRole("button", { name: "Adjust", exact: true }).dblclick();
  await frame.getByText("Added by hand").waitFor();
  expect(await frame.getByText("Added by hand").count()).toBe(1);
  await page.screenshot({ path: "test-results/screens/member-360.png" });
  expect(complaints).toEqual([]);
});

test("another shop sees nothing of this one", async () => {
  const { page } = await openPage(browser, 1280);
  demo.standIn.shops.open("another-shop", { plan: "growth" });
  await page.goto(`${demo.standIn.url}/admin/store/another-shop/apps/laurel/app/orders/${order}`);
  await page.frameLocator("iframe").getByText("This page does not exist").waitFor();
});

test("what arrives is seen on an open page, without reloading it and without scrolling", async () => {
  const { page, complaints } = await openPage(browser, 360);
  const frame = await openScreen(page, demo, "/app");
  const [, another] = demo.shop.customers.values();
  if (another === undefined) throw new Error("the demo shop has no two customers");
  const scrolled = () => frame.evaluate(() => scrollY);
  await frame.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const place = await scrolled();
  const { order: placed } = placeOrder(demo);
  await frame.getByRole("link", { name: `Earned from #${placed.number}` }).waitFor({ timeout: 20_000 });
  expect(await scrolled()).toBe(place);
  const log = await openScreen(page, demo, `/app/settings/webhooks/${subscription}`);
  const newest = () => log.locator("a[href*='/deliveries/']").first().getAttribute("href");
  const before = await newest();
  placeOrder(demo);
  await expect.poll(newest, { timeout: 20_000 }).not.toBe(before);
  const reason = await openScreen(page, demo, `/app/orders/${placed.id}`);
  const lines = placed.lines.map(({ id, quantity }) => ({ lineId: id, quantity }));
  demo.standIn.actions.refund(demo.shop, placed, { lines });
  await reason.getByText("Why this order earned 0 points").waitFor({ timeout: 20_000 });
  const members = await openScreen(page, demo, "/app/members");
  const joined = members.getByRole("link", { name: `${another.firstName} ${another.lastName}` });
  expect(await joined.count()).toBe(0);
  placeOrder(demo, 1, { customer: another });
  await joined.waitFor({ timeout: 20_000 });
  expect(complaints).toEqual([]);
});
