// The whole line, by hand of a browser: install, subscribe, order, and read the verified event at the receiver.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Demo } from "../../demo/start.ts";
import { descriptionOf } from "./accessible.ts";
import { openBrowser, openDemo, openPage, openScreen, placeOrder } from "./in-the-browser.ts";

let demo: Demo;
let browser: Browser;
beforeAll(async () => {
  [demo, browser] = await Promise.all([openDemo(), openBrowser()]);
});
afterAll(async () => {
  await browser.close();
  await demo.stop();
});

test("a merchant installs, subscribes, sells, and the receiver verifies what happened", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const home = await openScreen(page, demo, "/app");
  await home.getByText("Laurel is on").waitFor();

  const create = await openScreen(page, demo, "/app/settings/webhooks/new");
  await create.getByRole("button", { name: "Create subscription" }).click();
  await create.getByText("Enter a complete address").first().waitFor();
  await create.getByLabel("URL").fill(demo.receiver.endpoint);
  await create.getByRole("button", { name: "Create subscription" }).click();
  await create.getByText("Choose at least one event.").first().waitFor();
  expect(await descriptionOf(create.getByRole("group", { name: "Events" }))).toBe(
    "Choose at least one event.",
  );
  for (const group of ["Points", "Tiers", "Members", "Orders"]) {
    await create.getByRole("checkbox", { name: group, exact: true }).check({ force: true });
  }
  await create.getByRole("button", { name: "Create subscription" }).click();
  const secret = await create.getByLabel("Signing secret").inputValue();
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  demo.receiver.addSecret(secret);

  const { order } = placeOrder(demo, 2);

  await expect
    .poll(() => demo.receiver.received.map((one) => one.event), { timeout: 20_000 })
    .toContain("points.earned");
  const earned = demo.receiver.received.find((one) => one.event === "points.earned");
  expect(earned).toMatchObject({ standard: true, mage: true, duplicate: false, shop: demo.shop.handle });
  expect(earned?.body).toContain(`gid://shopify/Order/${order.id}`);
  expect(demo.receiver.received.every((one) => one.standard && one.mage)).toBe(true);

  const members = await openScreen(page, demo, "/app/members");
  await members.getByRole("link", { name: new RegExp(order.customer?.lastName ?? "nobody") }).click();
  await members.getByRole("link", { name: `Earned from #${order.number}` }).click();
  await members.getByText("Why this order earned").waitFor();
  expect(complaints).toEqual([]);
});

test("a subscription in another system's format offers what that has, and its receiver verifies it", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const create = await openScreen(page, demo, "/app/settings/webhooks/new");
  await create.getByLabel("URL").fill(demo.receiver.endpoint);
  await create.getByRole("checkbox", { name: "points.earned" }).check({ force: true });
  await create.getByLabel("Payload format").selectOption({ label: "Open Loyalty" });
  expect(await create.getByRole("checkbox", { name: "points.earned" }).count()).toBe(0);
  await create.getByRole("checkbox", { name: "points.balance_changed" }).check({ force: true });
  await create.getByText("1 of ").waitFor();
  await create.getByRole("button", { name: "Create subscription" }).click();
  demo.receiver.addSecret(await create.getByLabel("Signing secret").inputValue());

  placeOrder(demo);
  const inItsWords = () =>
    demo.receiver.received.find(({ body }) => body.includes('"AvailablePointsAmountChanged"'));
  await expect.poll(inItsWords, { timeout: 20_000 }).toMatchObject({
    event: "points.balance_changed",
    standard: true,
    mage: true,
  });

  const list = await openScreen(page, demo, "/app/settings/webhooks");
  await list.getByText("points.balance_changed · Open Loyalty").waitFor();
  expect(complaints).toEqual([]);
});

test("the program is edited with a live example, refused with words at the field, and saved from the save bar", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const program = await openScreen(page, demo, "/app/program");
  const rate = program.getByLabel("Points for each 1 EUR of goods");
  await rate.fill("2");
  await program.getByText("100 points").first().waitFor();
  await rate.fill("a lot");
  await page.getByRole("button", { name: "Save" }).click();
  await program.getByText("Enter a number from 0 to").waitFor();
  await rate.fill("2");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Program saved").first().waitFor();
  await page.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
  expect(await page.getByText("Program saved").count()).toBe(1);
  const again = await openScreen(page, demo, "/app/program");
  expect(await again.getByLabel("Points for each 1 EUR of goods").inputValue()).toBe("2");
  expect(complaints).toEqual([]);
});

test("below Growth the webhooks are shown, disabled, with the plan named, and the server refuses too", async () => {
  const { page } = await openPage(browser, 1280);
  demo.standIn.actions.plan(demo.shop, "starter");
  await demo.standIn.sender.settled();
  const screen = await openScreen(page, demo, "/app/settings/webhooks/new");
  await screen.getByText("Webhooks are part of the Growth plan").waitFor();
  expect(await screen.getByLabel("URL").isDisabled()).toBe(true);
  const answer = await screen.evaluate(async (url) => {
    const form = {
      url,
      format: "laurel",
      eventTypes: ["points.earned"],
      description: "",
      headers: [],
      ratePerSecond: null,
    };
    const response = await fetch("/app/settings/webhooks/new?_data=routes%2Fapp.settings.webhooks.new", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ intent: "create", form }),
    });
    return (await response.json()) as unknown;
  }, demo.receiver.endpoint);
  expect(answer).toMatchObject({ ok: false, refusal: "plan_too_low" });
  demo.standIn.actions.plan(demo.shop, "growth");
  await demo.standIn.sender.settled();
});
