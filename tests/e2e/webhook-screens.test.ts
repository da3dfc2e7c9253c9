// What a merchant does with a subscription on its screens: edit, rotate, pause, search the log, send again, lose the
// session, delete.
import type pg from "pg";
import type { Browser, Frame, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { install, subscribe } from "../../demo/merchant.ts";
import type { Demo } from "../../demo/start.ts";
import { descriptionOf } from "./accessible.ts";
import { openBrowser, openDatabase, openDemo, openPage, openScreen, placeOrder } from "./in-the-browser.ts";

const ORDERS = 16;
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
  id = await subscribe(demo, ["points.earned", "order.recorded"]);
  for (let i = 0; i < ORDERS; i += 1) placeOrder(demo);
  const ids = () => new Set(demo.receiver.received.map((one) => one.id));
  await vi.waitUntil(() => ids().size === ORDERS * 2, { timeout: 30_000, interval: 100 });
});
afterAll(async () => {
  await browser.close();
  await database.end();
  await demo.stop();
});

/** Makes so many of the subscription's deliveries ones that were given up. */
const giveUp = (count: number) =>
  database.query(
    `UPDATE delivery SET state = 'failed', last_status = 500, last_error = 'status', settled_at = now() - interval '1 minute'
      WHERE delivery_id IN (SELECT delivery_id FROM delivery WHERE subscription_id = $1 ORDER BY created_at LIMIT $2)`,
    [id, count],
  );
async function stored(): Promise<Record<string, unknown>> {
  const { rows } = await database.query<Record<string, unknown>>(
    "SELECT url, description, headers, rate_per_second, state, next_secret IS NOT NULL AS rotating FROM subscription WHERE subscription_id = $1",
    [id],
  );
  return rows[0] ?? {};
}
/** The description in the form; empty where there is none just now. */
const descriptionIn = (frame: Frame) =>
  frame
    .getByLabel("Description")
    .inputValue()
    .catch(() => "");
async function openSettings(page: Page): Promise<Frame> {
  const frame = await openScreen(page, demo, screen());
  await frame.getByRole("tab", { name: "Settings" }).click();
  return frame;
}

/** Presses one of the page's further actions. */
async function press(frame: Frame, name: string): Promise<void> {
  await frame
    .getByRole("button", { name: "More actions" })
    .or(frame.getByRole("button", { name: "View actions" }))
    .first()
    .click();
  await frame.getByRole("button", { name, exact: true }).click();
}

/** Types faster than any hand: between two letters nothing else has its turn, so that no machine is too slow for it. */
const typeAtOnce = (field: Locator, text: string) =>
  field.evaluate((input, whole) => {
    const write = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
    for (let letters = 1; letters <= whole.length; letters += 1) {
      write?.set?.call(input, whole.slice(0, letters));
      input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }, text);

test("all that failed since a time is sent again: counted before, watched while it goes", async () => {
  await giveUp(5);
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openScreen(page, demo, screen());
  const before = demo.receiver.received.length;
  await frame.getByRole("button", { name: "Send failed again" }).click();
  await frame.getByText("5 deliveries failed since then").waitFor();
  await frame.getByLabel("Time").last().selectOption("1h");
  await frame.getByRole("button", { name: "Send 5 again" }).dblclick();
  await frame.getByText("Sent 5 deliveries again").waitFor();
  await frame.getByText("Delivered: 5").waitFor();
  expect(demo.receiver.received.slice(before).filter((one) => one.duplicate)).toHaveLength(5);
  // Somebody who comes back finds it.
  const again = await openScreen(page, demo, screen());
  await again.getByText("Delivered: 5").waitFor();
  expect(complaints).toEqual([]);
});

test("where another time cannot be counted, it says so instead of counting on", async () => {
  const { page } = await openPage(browser, 1280);
  const frame = await openScreen(page, demo, screen());
  await frame.getByRole("button", { name: "Send failed again" }).click();
  await frame.getByText("Nothing failed since then").waitFor();
  await page.route("**/replay?since=*", (route) => route.abort());
  await frame.getByLabel("Time").last().selectOption("1h");
  await frame.getByText("They could not be counted").waitFor();
});

test("settings are edited with headers and a pace, refused at the field, and saved from the save bar", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openSettings(page);
  await frame.getByLabel("Description").fill("Warehouse");
  await frame.getByLabel("Requests a second at the most").fill("0");
  await frame.getByRole("button", { name: "Add header" }).click();
  await frame.getByRole("textbox", { name: "Header 1 name" }).fill("Content-Type");
  await frame.getByRole("textbox", { name: "Header 1 value" }).fill("secret-value");
  await page.getByRole("button", { name: "Save" }).click();
  await frame.getByText("This header is set by Laurel").first().waitFor();
  const name = frame.getByRole("textbox", { name: "Header 1 name" });
  expect(await name.getAttribute("aria-invalid")).toBe("true");
  expect(await descriptionOf(frame.getByRole("group", { name: "Headers of your own" }))).toContain(
    "This header is set by Laurel",
  );
  await frame.getByRole("textbox", { name: "Header 1 name" }).fill("X-Api-Key");
  await page.getByRole("button", { name: "Save" }).click();
  await frame.getByText("Enter a whole number from 1").first().waitFor();
  await frame.getByLabel("Requests a second at the most").fill("50");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Subscription saved").first().waitFor();
  expect(await stored()).toMatchObject({
    description: "Warehouse",
    headers: expect.stringMatching(/^v1:/) as string,
    rate_per_second: 50,
  });
  expect(JSON.stringify(await stored())).not.toContain("secret-value");
  // Who edits them sees them: the form is made anew from what was saved.
  await expect
    .poll(() => frame.getByRole("textbox", { name: "Header 1 value" }).inputValue(), PATIENT)
    .toBe("secret-value");
  expect(complaints).toEqual([]);
});

test("a form that somebody else saved meanwhile is refused, with what was typed still there", async () => {
  const [mine, theirs] = [await openPage(browser, 1280), await openPage(browser, 1280)];
  const [frame, other] = [await openSettings(mine.page), await openSettings(theirs.page)];
  await other.getByLabel("Description").fill("Theirs");
  await theirs.page.getByRole("button", { name: "Save" }).click();
  await theirs.page.getByText("Subscription saved").first().waitFor();
  await frame.getByLabel("Description").fill("Mine");
  await mine.page.getByRole("button", { name: "Save" }).click();
  await frame.getByText("Somebody else saved this").waitFor();
  expect(await frame.getByLabel("Description").inputValue()).toBe("Mine");
  expect(await stored()).toMatchObject({ description: "Theirs" });
  await frame.getByRole("button", { name: "Reload the page" }).click();
  await expect.poll(() => descriptionIn(frame), PATIENT).toBe("Theirs");
});

test("what is typed survives another's save that the page reads meanwhile, and is refused", async () => {
  const [mine, theirs] = [await openPage(browser, 1280), await openPage(browser, 1280)];
  const [frame, other] = [await openSettings(mine.page), await openSettings(theirs.page)];
  await frame.getByLabel("Description").fill("Mine");
  await other.getByLabel("Description").fill("Also theirs");
  await theirs.page.getByRole("button", { name: "Save" }).click();
  await theirs.page.getByText("Subscription saved").first().waitFor();
  await frame.getByRole("tab", { name: "Deliveries" }).click();
  await frame.getByRole("heading", { name: "Also theirs" }).waitFor();
  await frame.getByRole("tab", { name: "Settings" }).click();
  expect(await descriptionIn(frame)).toBe("Mine");
  await mine.page.getByRole("button", { name: "Save" }).click();
  await frame.getByText("Somebody else saved this").waitFor();
  expect(await stored()).toMatchObject({ description: "Also theirs" });
  // Who gives up sees what is saved.
  await mine.page.getByRole("button", { name: "Discard" }).click();
  await expect.poll(() => descriptionIn(frame), PATIENT).toBe("Also theirs");
});

test("what is typed survives a pause of one's own, and is saved", async () => {
  const { page } = await openPage(browser, 1280);
  const frame = await openSettings(page);
  await frame.getByLabel("Description").fill("Typed before the pause");
  for (const [name, state] of [
    ["Pause", "paused"],
    ["Resume", "enabled"],
  ] as const) {
    await press(frame, name);
    await frame.getByText("Deliveries wait").waitFor({ state: state === "paused" ? "visible" : "detached" });
  }
  expect(await descriptionIn(frame)).toBe("Typed before the pause");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Subscription saved").first().waitFor();
  expect(await stored()).toMatchObject({ description: "Typed before the pause", state: "enabled" });
});

test("a form that saves to what it was shows that, and is done", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openSettings(page);
  const { description, rate_per_second: rate } = await stored();
  const [described, paced] = [String(description), String(rate)];
  await frame.getByLabel("Description").fill(`${described} `);
  await frame.getByLabel("Requests a second at the most").fill(`0${paced}`);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Subscription saved").first().waitFor();
  await page.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
  expect(await descriptionIn(frame)).toBe(described);
  expect(await frame.getByLabel("Requests a second at the most").inputValue()).toBe(paced);
  // Afterwards it is a form as any other.
  await frame.getByLabel("Description").fill("Edited again");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Save" }).waitFor({ state: "hidden" });
  expect(await stored()).toMatchObject({ description: "Edited again", rate_per_second: rate });
  expect(complaints).toEqual([]);
});

test("the secret is rotated, the rotation cancelled, rotated again and finished", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openSettings(page);
  const rotate = frame.getByRole("button", { name: "Rotate secret" });
  await rotate.click();
  await frame.getByText("For 24 hours, until").waitFor();
  expect(await stored()).toMatchObject({ rotating: false });
  await frame.getByRole("button", { name: "Rotate", exact: true }).dblclick();
  const first = await frame.getByLabel("Signing secret", { exact: true }).inputValue();
  await frame.getByRole("button", { name: "Cancel rotation" }).click();
  await rotate.waitFor();
  expect(await stored()).toMatchObject({ rotating: false });
  await rotate.click();
  await frame.getByRole("button", { name: "Rotate", exact: true }).click();
  await frame.getByRole("button", { name: "Finish now" }).waitFor();
  const second = await frame.getByLabel("Signing secret", { exact: true }).inputValue();
  expect(second).not.toBe(first);
  demo.receiver.addSecret(second);
  await frame.getByRole("button", { name: "Finish now" }).click();
  await rotate.waitFor();
  const before = demo.receiver.received.length;
  await frame.getByRole("tab", { name: "Deliveries" }).click();
  await frame.getByLabel("Send the example of").selectOption("points.earned");
  await frame.getByRole("button", { name: "Send test" }).click();
  await frame.getByText("The endpoint accepted the test").waitFor();
  expect(demo.receiver.received.slice(before)).toMatchObject([
    { event: "points.earned", standard: true, mage: true },
  ]);
  expect(complaints).toEqual([]);
});

test("a secret that cannot be opened is replaced at once, and the screen promises nothing else", async () => {
  await database.query(
    "UPDATE subscription SET secret = 'v1:lost:AAAA:AAAA:AAAA' WHERE subscription_id = $1",
    [id],
  );
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openSettings(page);
  await frame.getByText("It can no longer be opened").waitFor();
  await frame.getByRole("button", { name: "Rotate secret" }).click();
  await frame.getByText("the new one signs alone, and at once").waitFor();
  expect(await frame.getByText("For 24 hours, until").count()).toBe(0);
  await frame.getByRole("button", { name: "Rotate", exact: true }).click();
  demo.receiver.addSecret(await frame.getByLabel("Signing secret", { exact: true }).inputValue());
  await frame.getByText("It was shown once.").waitFor();
  expect(await stored()).toMatchObject({ rotating: false });
  expect(complaints).toEqual([]);
});

test("it is paused and resumed, and says so", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openScreen(page, demo, screen());
  await press(frame, "Pause");
  await frame.getByText("Deliveries wait").waitFor();
  expect(await stored()).toMatchObject({ state: "paused" });
  await press(frame, "Resume");
  await frame.getByText("Deliveries wait").waitFor({ state: "detached" });
  expect(await stored()).toMatchObject({ state: "enabled" });
  await frame.getByText("Paused.").first().waitFor();
  expect(complaints).toEqual([]);
});

test("the example of any event type is sent as a test, and what the endpoint said is shown", async () => {
  const { page, complaints } = await openPage(browser, 360);
  const frame = await openScreen(page, demo, screen());
  const before = demo.receiver.received.length;
  await frame.getByLabel("Send the example of").selectOption("customer.tier_upgrade");
  await frame.getByRole("button", { name: "Send test" }).click();
  await frame.getByText("The endpoint accepted the test").waitFor();
  await frame.getByText("Status 200,").waitFor();
  const [came, ...more] = demo.receiver.received.slice(before);
  expect(came).toMatchObject({ event: "customer.tier_upgrade", standard: true, mage: true, attempt: 1 });
  expect(JSON.parse(came?.body ?? "")).toMatchObject({ event: "customer.tier_upgrade", test: true });
  expect(more).toEqual([]);
  demo.receiver.setMode("failing");
  await frame.getByRole("button", { name: "Send test" }).click();
  await frame.getByText("The endpoint did not accept the test").waitFor();
  demo.receiver.setMode("ok");
  await frame.getByRole("link", { name: "See the request" }).click();
  await frame.getByText("customer.tier_upgrade").first().waitFor();
  expect(complaints).toEqual([]);
});

test("the log is searched when typing rests, filtered, and turned to its true previous page", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const frame = await openScreen(page, demo, screen());
  const asked = new Set<string>();
  page.on("request", (request) => {
    const words = new URL(request.url()).searchParams.get("q");
    if (words !== null) asked.add(words);
  });
  const rows = frame.locator("table tbody tr");
  const firstOf = () => rows.first().locator("a").getAttribute("href");
  const beginning = await firstOf();
  await frame.getByRole("button", { name: "Next" }).last().click();
  await expect.poll(firstOf, PATIENT).not.toBe(beginning);
  await frame.getByRole("button", { name: "Previous" }).last().click();
  await expect.poll(firstOf, PATIENT).toBe(beginning);
  expect(await frame.getByRole("button", { name: "Previous" }).last().isDisabled()).toBe(true);
  await typeAtOnce(frame.getByPlaceholder("Event id, order, customer or event type"), "#1003");
  await expect.poll(() => rows.count(), PATIENT).toBe(2);
  expect([...asked]).toEqual(["#1003"]);
  await frame.getByRole("button", { name: "Event", exact: true }).click();
  await frame.getByPlaceholder("Search events").fill("earned");
  await frame.getByText("points.earned", { exact: true }).last().click();
  await expect.poll(() => rows.count(), PATIENT).toBe(1);
  expect(complaints).toEqual([]);
});

test("a session that is over is told at the form, and reloading leads on", async () => {
  const { page } = await openPage(browser, 1280);
  const frame = await openSettings(page);
  const saved = await frame.getByLabel("Description").inputValue();
  await page.route("**/app/settings/webhooks/**", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 401, headers: { "X-Remix-Catch": "yes" }, body: "" })
      : route.continue(),
  );
  await frame.getByLabel("Description").fill("Typed with care");
  await page.getByRole("button", { name: "Save" }).click();
  await frame.getByText("Your session has ended").waitFor();
  expect(await frame.getByLabel("Description").inputValue()).toBe("Typed with care");
  await page.unroute("**/app/settings/webhooks/**");
  await frame.getByRole("button", { name: "Reload the page" }).click();
  await expect.poll(() => descriptionIn(frame), PATIENT).toBe(saved);
});

test.each([
  ["a proxy says so", { status: 502, body: "Bad gateway" }],
  ["it fails", { status: 500, headers: { "X-Remix-Error": "yes" }, body: '{"message":"x"}' }],
])("where the app is away and %s, the form tells and keeps what was typed", async (how, answer) => {
  const typed = `Typed while ${how}`;
  const { page } = await openPage(browser, 1280);
  const frame = await openSettings(page);
  await frame.getByLabel("Description").fill(typed);
  await page.route("**/app/settings/webhooks/**", (route) => route.fulfill(answer));
  await page.getByRole("button", { name: "Save" }).click();
  await frame.getByText("Laurel could not be reached").waitFor();
  expect(await frame.getByLabel("Description").inputValue()).toBe(typed);
  await page.unroute("**/app/settings/webhooks/**");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Subscription saved").first().waitFor();
  expect(await stored()).toMatchObject({ description: typed });
});

test("a session that is over is told where a page cannot be read, and reloading leads on", async () => {
  const { page } = await openPage(browser, 1280);
  const frame = await openScreen(page, demo, screen());
  await page.route("**/app/members**", (route) =>
    route.fulfill({ status: 401, headers: { "X-Remix-Catch": "yes" }, body: "" }),
  );
  await page.getByRole("link", { name: "Members" }).click();
  await frame.getByText("Your session has ended").waitFor();
  await page.unroute("**/app/members**");
  await frame.getByRole("button", { name: "Reload the page" }).click();
  await frame.getByRole("heading", { name: "Members" }).waitFor();
});

test("a double click creates one, and deleting asks first", async () => {
  const { page, complaints } = await openPage(browser, 1280);
  const create = await openScreen(page, demo, "/app/settings/webhooks/new");
  await create.getByLabel("URL").fill(demo.receiver.endpoint);
  await create.getByRole("checkbox", { name: "Orders", exact: true }).check({ force: true });
  await create.getByRole("button", { name: "Create subscription" }).dblclick();
  await create.getByText("Another subscription has the same URL").waitFor();
  const count = async () => {
    const { rows } = await database.query<{ n: number }>("SELECT count(*)::int AS n FROM subscription");
    return rows[0]?.n;
  };
  expect(await count()).toBe(2);
  await create.getByRole("link", { name: "Go to the subscription" }).click();
  await create
    .getByRole("button", { name: "More actions" })
    .or(create.getByRole("button", { name: "View actions" }))
    .first()
    .click();
  await create.getByRole("button", { name: "Delete" }).click();
  await create.getByText("Nothing waits to be sent").waitFor();
  await create.getByRole("button", { name: "Delete" }).last().dblclick();
  await create.getByRole("heading", { name: "Webhooks" }).waitFor();
  expect(await count()).toBe(1);
  expect(complaints).toEqual([]);
});
