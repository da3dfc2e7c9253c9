// What the home page says when something is wrong, and the event catalogue as an integrator uses it.
import type pg from "pg";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { install, subscribe } from "../../demo/merchant.ts";
import type { Demo } from "../../demo/start.ts";
import { seriousFaults } from "./accessible.ts";
import {
  openBrowser,
  openDatabase,
  openDemo,
  openPage,
  openScreen,
  openToCopy,
  placeOrder,
} from "./in-the-browser.ts";

let demo: Demo;
let browser: Browser;
let database: pg.Client;

beforeAll(async () => {
  [demo, browser] = await Promise.all([openDemo(), openBrowser()]);
  database = await openDatabase(demo);
  await install(demo);
});
afterAll(async () => {
  await browser.close();
  await database.end();
  await demo.stop();
});

describe("the home page", () => {
  let gone = "";
  beforeAll(async () => {
    gone = await subscribe(demo, ["order.recorded"]);
    demo.receiver.setMode("gone");
    placeOrder(demo);
    const isDisabled = async () => {
      const { rows } = await database.query("SELECT FROM subscription WHERE disabled_reason = 'gone'");
      return rows.length === 1;
    };
    await vi.waitUntil(isDisabled, { timeout: 30_000, interval: 100 });
    demo.receiver.setMode("ok");
    await database.query("UPDATE subscription SET description = 'Warehouse'");
    await database.query("UPDATE delivery SET state = 'parked', reason = 'workers_died', settled_at = now()");
    const failing = await subscribe(demo, ["order.recorded"]);
    await database.query("UPDATE subscription SET description = 'Newsletter' WHERE subscription_id = $1", [
      failing,
    ]);
    await database.query(
      `UPDATE lane SET breaker = 'open', failing_since = now() - interval '1 hour', last_error = 'timeout',
          not_before = now() + interval '1 hour' WHERE subscription_id = $1`,
      [failing],
    );
  });

  test.each([1280, 360])("at %i pixels tells what needs a look, and leads there", async (width) => {
    const { page, complaints } = await openPage(browser, width);
    const frame = await openScreen(page, demo, "/app");
    await frame.getByText("3 things need your look").waitFor();
    await frame.getByText("The endpoint answered 410 Gone: nothing lives there any more.").waitFor();
    await frame.getByText("Webhooks to Newsletter have been failing since").waitFor();
    await frame.getByText("1 delivery to Warehouse cannot be sent as it is").waitFor();
    const [content, window] = await frame.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content).toBeLessThanOrEqual(window ?? 0);
    expect(await seriousFaults(frame, [])).toEqual([]);
    await page.screenshot({ path: `test-results/screens/home-incidents-${width}.png` });
    await frame.getByRole("listitem").filter({ hasText: "410 Gone" }).getByRole("link").click();
    await frame.getByText("Nothing is sent to this endpoint").waitFor();
    expect(frame.url()).toContain(`/app/settings/webhooks/${gone}`);
    expect(complaints).toEqual([]);
  });

  test("does not say that the ledger adds up where it does not", async () => {
    const { page, complaints } = await openPage(browser, 1280);
    const fine = await openScreen(page, demo, "/app");
    await fine.getByRole("heading", { name: "The ledger adds up" }).waitFor();
    await database.query("UPDATE member SET balance = balance + 1");
    const frame = await openScreen(page, demo, "/app");
    await frame.getByRole("heading", { name: "The ledger does not add up" }).waitFor();
    await frame.getByText("1 fault", { exact: true }).waitFor();
    expect(await frame.getByText("The ledger adds up").count()).toBe(0);
    await page.screenshot({ path: "test-results/screens/home-ledger-1280.png" });
    await database.query("UPDATE member SET balance = balance - 1");
    expect(complaints).toEqual([]);
  });
});

describe("the event catalogue", () => {
  test.each([1280, 360])(
    "at %i pixels is searched, and shows fields, an example and the schema to copy",
    async (width) => {
      const { page, complaints } = await openPage(browser, width);
      const frame = await openToCopy(page, demo, "/app/settings/events");
      const cards = frame.getByRole("heading", { level: 3 });
      expect(await cards.count()).toBe(EVENT_TYPES.length);
      const search = frame.getByRole("textbox", { name: "Search events and fields" });
      await search.fill("no such thing");
      await frame.getByText("No such event").waitFor();
      await search.fill("lot.expires_at");
      await expect.poll(() => cards.allInnerTexts()).toEqual(["points.earned"]);
      await frame.getByRole("button", { name: "Show fields" }).click();
      await frame.getByText("When what is left of it expires; null for never.").waitFor();
      await page.screenshot({ path: `test-results/screens/events-fields-${width}.png` });
      await frame.getByRole("tab", { name: "Example" }).click();
      await frame.getByText('"points_earned": 62').waitFor();
      await frame.getByRole("tab", { name: "JSON Schema" }).click();
      await frame.getByText('"additionalProperties"').or(frame.getByText('"properties"')).first().waitFor();
      expect(await seriousFaults(frame, [])).toEqual([]);
      await page.screenshot({ path: `test-results/screens/events-schema-${width}.png` });
      await frame.getByRole("button", { name: "Copy" }).click();
      await frame.getByRole("button", { name: "Copied" }).waitFor();
      const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())) as object;
      expect(copied).toHaveProperty(["properties", "lot", "description"]);
      await frame.getByRole("button", { name: "Hide fields" }).click();
      await frame.getByRole("tab", { name: "JSON Schema" }).waitFor({ state: "detached" });
      await search.fill("");
      await expect.poll(() => cards.count()).toBe(EVENT_TYPES.length);
      expect(complaints).toEqual([]);
    },
  );
});
