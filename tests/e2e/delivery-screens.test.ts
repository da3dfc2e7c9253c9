// What a merchant does with deliveries on the screens: send one again, or some; copy a request; read counts of very many.
import type pg from "pg";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { deliveriesShown, install, subscribe } from "../../demo/merchant.ts";
import type { Demo } from "../../demo/start.ts";
import {
  openBrowser,
  openDatabase,
  openDemo,
  openPage,
  openScreen,
  openToCopy,
  placeOrder,
} from "./in-the-browser.ts";

const ORDERS = 6;
const LOOKED_AT = 5_000;
/** A machine that does other things beside. */
const PATIENT = { timeout: 20_000 };

let demo: Demo;
let browser: Browser;
let database: pg.Client;
let id = "";
const screen = () => `/app/settings/webhooks/${id}`;

beforeAll(async () => {
  [demo, browser] = await Promise.all([openDemo(), openBrowser()]);
  database = await openDatabase(demo);
  await install(demo);
  id = await subscribe(demo, ["order.recorded"]);
  for (let i = 0; i < ORDERS; i += 1) placeOrder(demo);
  await vi.waitUntil(
    async () => {
      const all = await deliveriesShown(demo, id);
      return all.length === ORDERS && all.every(({ state }) => state === "delivered");
    },
    { timeout: 30_000, interval: 200 },
  );
});
afterAll(async () => {
  await browser.close();
  await database.end();
  await demo.stop();
});

/** Makes all deliveries of the subscription ones that were given up. */
const giveUp = () =>
  database.query(
    `UPDATE delivery SET state = 'failed', last_status = 500, last_error = 'status', settled_at = now() - interval '1 minute'
      WHERE subscription_id = $1`,
    [id],
  );
const sentAgain = (before: number) =>
  demo.receiver.received.slice(before).filter(({ duplicate }) => duplicate).length;

test("one delivery is sent again from its page, and its new attempt arrives there", async () => {
  await giveUp();
  const { page, complaints } = await openPage(browser, 360);
  const before = demo.receiver.received.length;
  const frame = await openScreen(page, demo, screen());
  await frame.getByRole("heading", { name: "Deliveries" }).evaluate((heading) => heading.scrollIntoView());
  await page.screenshot({ path: "test-results/screens/delivery-log-360.png" });
  await frame.locator("a[href*='/deliveries/']").first().click();
  await frame.getByRole("heading", { name: "Attempt 1" }).waitFor();
  await frame.getByRole("button", { name: "Send again" }).first().dblclick();
  await frame.getByText("It goes out again").waitFor();
  await frame.getByRole("heading", { name: "Attempt 2 (by hand)" }).waitFor(PATIENT);
  await frame.getByText("Delivered", { exact: true }).waitFor(PATIENT);
  expect(sentAgain(before)).toBe(1);
  expect(complaints).toEqual([]);
});

test("the selected ones are sent again, and no others", async () => {
  await giveUp();
  const { page, complaints } = await openPage(browser, 1280);
  const before = demo.receiver.received.length;
  const frame = await openScreen(page, demo, `${screen()}?state=failed`);
  const boxes = frame.locator("table tbody tr").getByRole("checkbox");
  for (const position of [0, 1]) await boxes.nth(position).check({ force: true });
  await frame.getByRole("button", { name: "Send again", exact: true }).first().click();
  await frame.getByText("2 deliveries go out again").waitFor();
  await expect.poll(() => sentAgain(before), PATIENT).toBe(2);
  await expect.poll(() => boxes.count(), PATIENT).toBe(ORDERS - 2);
  expect(await frame.getByRole("checkbox", { checked: true }).count()).toBe(0);
  expect(complaints).toEqual([]);
});

test("another question begins with nothing selected; what was refused stays selected", async () => {
  await giveUp();
  const { page } = await openPage(browser, 1280);
  const frame = await openScreen(page, demo, `${screen()}?state=failed`);
  const boxes = frame.locator("table tbody tr").getByRole("checkbox");
  const selected = frame.locator("table tbody tr").getByRole("checkbox", { checked: true });
  const again = frame.getByRole("button", { name: "Send again", exact: true }).first();
  for (const position of [0, 1]) await boxes.nth(position).check({ force: true });
  const answering = Promise.withResolvers<void>();
  await page.route("**/app/settings/webhooks/**", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await answering.promise;
    return route.fulfill({ status: 502, body: "Bad gateway" });
  });
  await again.click();
  await expect.poll(() => again.isDisabled(), PATIENT).toBe(true);
  answering.resolve();
  await frame.getByText("Laurel could not be reached").waitFor();
  await page.unroute("**/app/settings/webhooks/**");
  expect(await selected.count()).toBe(2);
  await frame.getByPlaceholder("Event id, order, customer or event type").fill("evt_none");
  await frame.getByText("none match the filter").waitFor();
  await frame.getByPlaceholder("Event id, order, customer or event type").fill("");
  await expect.poll(() => boxes.count(), PATIENT).toBe(ORDERS);
  expect(await selected.count()).toBe(0);
});

test("where none of the selected can be sent again, nothing is said to have been", async () => {
  await giveUp();
  const hold = (until: string) =>
    database.query(`UPDATE delivery SET lease = 1, leased_until = ${until} WHERE subscription_id = $1`, [id]);
  await hold("now() + interval '1 hour'");
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openScreen(page, demo, screen());
  const boxes = frame.locator("table tbody tr").getByRole("checkbox");
  for (const position of [0, 1]) await boxes.nth(position).check({ force: true });
  await frame.getByRole("button", { name: "Send again", exact: true }).first().click();
  await frame.getByText("Nothing was sent again").waitFor();
  await frame.getByText("2 were being sent at that moment, or their bodies were removed").waitFor();
  await page.screenshot({ path: "test-results/screens/nothing-sent-again-1280.png" });
  await hold("NULL");
  expect(complaints).toEqual([]);
});

test.each([1280, 360])(
  "at %i pixels a request is copied as a command, and what it lacks is said",
  async (width) => {
    const { page, complaints } = await openPage(browser, width);
    const settings = await openToCopy(page, demo, `${screen()}?view=settings`);
    if (width === 1280) {
      await settings.getByRole("button", { name: "Add header" }).click();
      await settings.getByRole("textbox", { name: "Header 1 name" }).fill("X-Api-Key");
      await settings.getByRole("textbox", { name: "Header 1 value" }).fill("very-secret");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByText("Subscription saved").first().waitFor();
    }
    await settings
      .getByRole("group", { name: "Headers of your own" })
      .screenshot({ path: `test-results/screens/headers-${width}.png` });
    await settings.getByRole("tab", { name: "Deliveries" }).click();
    await settings.getByRole("button", { name: "Send test" }).click();
    await settings.getByText("The endpoint accepted the test").waitFor();
    await settings.getByRole("link", { name: "See the request" }).click();
    await settings.getByText("Put your own values in place of (hidden).").waitFor();
    await settings.getByText("an endpoint that verifies it refuses it after five minutes").waitFor();
    await settings.getByRole("button", { name: "Copy as cURL" }).click();
    await settings.getByRole("button", { name: "Copied" }).waitFor();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toContain("curl -X POST");
    expect(copied).toContain("-H 'X-Api-Key: (hidden)'");
    expect(copied).toMatch(/-H 'X-Webhook-Signature: sha256=[0-9a-f]{64}'/);
    expect(copied).toContain(`'${demo.receiver.endpoint}'`);
    expect(copied).not.toContain("very-secret");
    await page.screenshot({ path: `test-results/screens/copied-request-${width}.png`, fullPage: true });
    expect(complaints).toEqual([]);
  },
);

test("counts of more than is looked at say so, and agree with the bars", async () => {
  const many = await subscribe(demo, ["member.updated"]);
  await database.query(
    "UPDATE subscription SET state = 'paused', description = 'Busy' WHERE subscription_id = $1",
    [many],
  );
  await database.query(
    `INSERT INTO attempt (shop_id, delivery_id, number, subscription_id, started_at, duration_ms, status)
      SELECT shop_id, 'dlv_tried' || i, 1, subscription_id, now() - i * interval '1 ms', 20, 200
        FROM subscription, generate_series(1, $2) i WHERE subscription_id = $1`,
    [many, LOOKED_AT + 500],
  );
  await database.query(
    `INSERT INTO delivery (delivery_id, shop_id, subscription_id, event_id, event_type, due_at, created_at)
      SELECT 'dlv_waits' || i, s.shop_id, s.subscription_id, e.event_id, e.type, now(), now()
        FROM subscription s, generate_series(1, $2) i, (SELECT event_id, type FROM event LIMIT 1) e
       WHERE s.subscription_id = $1`,
    [many, LOOKED_AT + 500],
  );
  const { page, complaints } = await openPage(browser, 360);
  const list = await openScreen(page, demo, "/app/settings/webhooks");
  const words = list.getByText(/of [\d,]+\+ attempts in 24 hours accepted/);
  const [, counted = ""] = /of ([\d,]+)\+ attempts/.exec(await words.innerText()) ?? [];
  const bars = list.getByRole("img", { name: /, or more$/ });
  const [, drawn] = /: (\d+) accepted, 0 failed/.exec((await bars.getAttribute("aria-label")) ?? "") ?? [];
  expect(Number(counted.replace(",", ""))).toBe(Number(drawn));
  await list.getByText("5,000+ waiting").waitFor();
  await page.screenshot({ path: "test-results/screens/webhooks-busy-360.png" });
  const one = await openScreen(page, demo, `/app/settings/webhooks/${many}`);
  await one.getByText(`${counted}+`, { exact: true }).first().waitFor();
  await one
    .getByRole("button", { name: "More actions" })
    .or(one.getByRole("button", { name: "View actions" }))
    .first()
    .click();
  await one.getByRole("button", { name: "Delete" }).click();
  await one.getByText("5,000+ deliveries wait; they are cancelled.").waitFor();
  await page.screenshot({ path: "test-results/screens/delete-busy-360.png" });
  await database.query("UPDATE delivery SET state = 'parked' WHERE subscription_id = $1", [many]);
  const home = await openScreen(page, demo, "/app");
  await home.getByText("1,000+ deliveries to Busy cannot be sent as they are").waitFor();
  await page.screenshot({ path: "test-results/screens/home-parked-360.png" });
  await page.setViewportSize({ width: 1280, height: 860 });
  await page.screenshot({ path: "test-results/screens/home-parked-1280.png" });
  expect(complaints).toEqual([]);
});

test("one attempt is told as one", async () => {
  const one = await subscribe(demo, ["member.updated"]);
  await database.query(
    `INSERT INTO attempt (shop_id, delivery_id, number, subscription_id, started_at, duration_ms, status)
      SELECT shop_id, 'dlv_only', 1, subscription_id, now(), 20, 200 FROM subscription WHERE subscription_id = $1`,
    [one],
  );
  const { page, complaints } = await openPage(browser, 1280);
  const list = await openScreen(page, demo, "/app/settings/webhooks");
  await list.getByText("100% of 1 attempt in 24 hours accepted").waitFor();
  const card = await openScreen(page, demo, `/app/settings/webhooks/${one}`);
  await card.getByRole("img", { name: ": 1 attempt accepted, 0 failed" }).waitFor();
  expect(complaints).toEqual([]);
});
