// What a merchant does with API keys on their screen: make one, see it once, revoke it; and what a lower plan leaves.
import type { Browser } from "playwright-core";
import type pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { install } from "../../demo/merchant.ts";
import type { Demo } from "../../demo/start.ts";
import { descriptionOf, seriousFaults } from "./accessible.ts";
import { openBrowser, openDatabase, openDemo, openPage, openScreen } from "./in-the-browser.ts";

const SCREEN = "/app/settings/api-keys";

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

type Stored = { name: string; prefix: string; scopes: object; revoked: boolean };
async function stored(): Promise<Stored[]> {
  const { rows } = await database.query<Stored>(
    "SELECT name, prefix, scopes, revoked_at IS NOT NULL AS revoked FROM api_key ORDER BY created_at",
  );
  return rows;
}

test.each([1280, 360])(
  "at %i pixels a key is made once however often one clicks, shown once, and revoked after a question",
  async (width) => {
    await database.query("DELETE FROM api_key");
    const { page, complaints } = await openPage(browser, width);
    const frame = await openScreen(page, demo, SCREEN);
    await frame.getByText("Let another system ask").waitFor();
    await page.screenshot({ path: `test-results/screens/api-keys-none-${width}.png` });
    await frame.getByRole("button", { name: "Create API key" }).first().click();
    const create = frame.getByRole("button", { name: "Create key" });
    await create.click();
    await frame.getByText("Enter a name of 1 to 60 characters").waitFor();
    await frame.getByLabel("Name").fill(" Warehouse ");
    await create.click();
    await frame.getByText("Allow the key at least one area").waitFor();
    expect(await descriptionOf(frame.getByRole("group", { name: "What it may do" }))).toContain("one area");
    await frame.getByLabel("Webhooks").selectOption("full");
    await frame.getByLabel("Customers").selectOption("read");
    expect(await frame.getByText("Allow the key at least one area").count()).toBe(0);
    await page.screenshot({ path: `test-results/screens/api-keys-create-${width}.png` });
    await create.dblclick();
    await frame.getByText("API key “Warehouse” created").waitFor();
    const key = await frame.getByRole("textbox", { name: "API key" }).inputValue();
    expect(key).toMatch(/^laurel_[A-Za-z0-9_-]{43}$/);
    const command = `curl -H "Authorization: Bearer ${key}" ${demo.appUrl}/v1/customers`;
    expect(await frame.getByText(command, { exact: true }).count()).toBe(1);
    const reference = frame.getByRole("link", { name: "API reference" });
    expect(await reference.getAttribute("href")).toBe(`${demo.appUrl}/v1/docs`);
    expect(await reference.getAttribute("target")).toBe("_blank");
    expect(await stored()).toEqual([
      {
        name: "Warehouse",
        prefix: key.slice(0, 11),
        scopes: { webhooks: "full", customers: "read" },
        revoked: false,
      },
    ]);
    const [content, window] = await frame.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    expect(content).toBeLessThanOrEqual(window ?? 0);
    expect(await seriousFaults(frame, [])).toEqual([]);
    await page.screenshot({ path: `test-results/screens/api-keys-made-${width}.png` });

    const again = await openScreen(page, demo, SCREEN);
    await again.getByText("Customers: read · Webhooks: full access").waitFor();
    expect(await again.content()).not.toContain(key);
    await again.getByRole("button", { name: "Revoke Warehouse" }).click();
    await again.getByText("Revoke “Warehouse”?").waitFor();
    await page.screenshot({ path: `test-results/screens/api-keys-revoke-${width}.png` });
    await again.getByRole("button", { name: "Cancel" }).click();
    expect(await stored()).toMatchObject([{ revoked: false }]);
    await again.getByRole("button", { name: "Revoke Warehouse" }).click();
    await again.getByRole("button", { name: "Revoke key" }).dblclick();
    await again.getByText("Revoked", { exact: true }).waitFor();
    expect(await stored()).toMatchObject([{ revoked: true }]);
    await page.screenshot({ path: `test-results/screens/api-keys-revoked-${width}.png` });
    expect(complaints).toEqual([]);
    await page.context().close();
  },
);

test("below Growth keys are there to be revoked, and the way to a plan is named", async () => {
  await database.query("UPDATE api_key SET revoked_at = NULL");
  await database.query("UPDATE shop SET plan = 'starter'");
  const { page, complaints } = await openPage(browser, 360);
  const frame = await openScreen(page, demo, SCREEN);
  await frame.getByText("API keys are part of the Growth plan").waitFor();
  expect(await frame.getByRole("button", { name: "Create API key" }).isDisabled()).toBe(true);
  await page.screenshot({ path: "test-results/screens/api-keys-starter-360.png" });
  await frame.getByRole("button", { name: "Revoke Warehouse" }).first().click();
  await frame.getByRole("button", { name: "Revoke key" }).click();
  await frame.getByText("Revoked", { exact: true }).first().waitFor();
  await frame.getByRole("link", { name: "See plans" }).click();
  await frame.getByRole("heading", { name: "Plan", exact: true }).waitFor();
  expect(complaints).toEqual([]);
});
