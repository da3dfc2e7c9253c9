// The demo without a person: a dozen orders, and a table of what was sent, posted, delivered and verified.
import { setTimeout as sleep } from "node:timers/promises";
import { SUBSCRIBABLE_TYPES } from "../app/events/catalogue.ts";
import { deliveriesShown, install, orderShown, subscribe } from "./merchant.ts";
import type { Demo } from "./start.ts";
import type { Order } from "./shopify/orders.ts";

const WAIT_MS = 90_000;
const PAUSE_MS = 250;

/** What should come of an order: some points, none for a reason, or none any more. */
type Expected = "points" | "part" | "none" | "guest";
type Placed = { story: string; order: Order; expected: Expected };

const STORIES: readonly { story: string; expected: Expected }[] = [
  ...Array.from({ length: 6 }, () => ({ story: "paid", expected: "points" as const })),
  { story: "paid, told twice", expected: "points" },
  { story: "paid, told twice", expected: "points" },
  { story: "partly refunded", expected: "part" },
  { story: "cancelled", expected: "none" },
  { story: "guest", expected: "guest" },
  { story: "in US dollars", expected: "points" },
];

function placeAll(demo: Demo): Placed[] {
  const { shop, standIn } = demo;
  const customers = [...shop.customers.values()];
  const goods = shop.products.filter((product) => !product.giftCard);
  return STORIES.map(({ story, expected }, index) => {
    const customer = expected === "guest" ? null : (customers[index % Math.max(1, customers.length)] ?? null);
    const product = goods[index % goods.length];
    if (product === undefined) throw new Error("the demo shop sells nothing");
    const { order } = standIn.actions.place(shop, {
      customer,
      lines: [{ product, quantity: 2 + (index % 3) }],
      shipping: 490n,
      ...(expected === "guest" ? { email: "guest@example.com" } : {}),
      ...(story === "in US dollars" ? { currency: "USD" } : {}),
    });
    return { story, order, expected };
  });
}

async function happenLater(demo: Demo, placed: readonly Placed[]): Promise<void> {
  const { shop, standIn } = demo;
  await standIn.sender.settled();
  for (const { story, order } of placed) {
    const [line] = order.lines;
    if (story === "paid, told twice") standIn.actions.redeliver(shop, order);
    if (story === "cancelled") standIn.actions.cancel(shop, order);
    if (story === "partly refunded" && line) {
      standIn.actions.refund(shop, order, { lines: [{ lineId: line.id, quantity: 1 }] });
    }
  }
  await standIn.sender.settled();
}

type Line = {
  order: string;
  story: string;
  sent: number;
  posted: string;
  delivered: string;
  verified: string;
  problem: string;
};

function problemOf(placed: Placed, shown: { posted: number; excluded: string | null } | null): string {
  if (shown === null) return "the app does not know it";
  switch (placed.expected) {
    case "points":
    case "part":
      return shown.posted > 0 ? "" : `no points (${shown.excluded ?? "no reason"})`;
    case "none":
      return shown.posted === 0 ? "" : "points were not taken back";
    case "guest":
      return shown.excluded === "guest_order" ? "" : "not kept as a guest's";
  }
}

async function look(
  demo: Demo,
  subscription: string,
  placed: readonly Placed[],
): Promise<{ lines: Line[]; missing: string[] }> {
  const owed = await deliveriesShown(demo, subscription);
  const got = new Map(demo.receiver.received.map((one) => [one.id, one]));
  const lines: Line[] = [];
  for (const one of placed) {
    const digits = one.order.id.toString();
    const shown = await orderShown(demo, digits);
    const mine = owed.filter((delivery) => delivery.orderId === digits);
    const verified = mine.filter(
      ({ eventId }) => got.get(eventId)?.standard === true && got.get(eventId)?.mage === true,
    );
    const delivered = mine.filter(({ state }) => state === "delivered");
    const short = mine.length === 0 || verified.length < mine.length || delivered.length < mine.length;
    lines.push({
      order: `#${one.order.number}`,
      story: one.story,
      sent: demo.standIn.sender
        .log()
        .filter(({ body, state }) => state === "delivered" && body.includes(`/Order/${digits}"`)).length,
      posted:
        shown === null ? "?" : `${shown.posted}${shown.excluded === null ? "" : ` (${shown.excluded})`}`,
      delivered: `${delivered.length} of ${mine.length}`,
      verified: `${verified.length} of ${mine.length}`,
      problem: problemOf(one, shown) || (short ? "events are missing" : ""),
    });
  }
  const waiting = owed.filter(({ state, eventId }) => state !== "delivered" || !got.has(eventId)).length;
  const missing = lines
    .filter(({ problem }) => problem !== "")
    .map(({ order, problem }) => `${order}: ${problem}`);
  return {
    lines,
    missing: waiting > 0 ? [...missing, `${waiting} of ${owed.length} deliveries have not arrived`] : missing,
  };
}

/** Runs the script. Prints the table; answers what is missing, in sentences (nothing = all went well). */
export async function runOnce(demo: Demo, say: (line: string) => void): Promise<string[]> {
  await install(demo);
  say("The app is installed");
  const subscription = await subscribe(demo, SUBSCRIBABLE_TYPES);
  say("A subscription for the receiver is made");
  const placed = placeAll(demo);
  say(`${placed.length} orders are placed`);
  await happenLater(demo, placed);
  const until = Date.now() + WAIT_MS;
  let seen = await look(demo, subscription, placed);
  while (seen.missing.length > 0 && Date.now() < until) {
    await sleep(PAUSE_MS);
    seen = await look(demo, subscription, placed);
  }
  print(seen.lines, say);
  return seen.missing;
}

function print(lines: readonly Line[], say: (line: string) => void): void {
  const names = ["order", "story", "sent", "posted", "delivered", "verified", "problem"] as const;
  const widths = names.map((name) =>
    Math.max(name.length, ...lines.map((line) => String(line[name]).length)),
  );
  const row = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join("  ")
      .trimEnd();
  say("");
  say(row(names));
  for (const line of lines) say(row(names.map((name) => String(line[name]))));
  say("");
}
