// Lists are walked by their links, by cursor and by number, to their ends.
import { expect, test } from "vitest";
import { EVENT_TYPES } from "../../app/events/catalogue.ts";
import { inShop } from "../../app/platform/db.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { sendCustomer } from "../orders/a-shop.ts";
import "../support/database.ts";
import { growthShopWithProgram, integrator } from "./an-integrator.ts";
import type { Answer, Ask } from "./an-integrator.ts";

const PAGES_MAX = 20;
const codeOf = ({ status, body }: Answer) => [status, body.errors[0]?.code];
const idsOf = ({ body }: Answer) => body.data.map(({ id }) => id);

/** Every page from here on, turned as the links say. */
async function walk(ask: Ask, from: string, link: "next" | "prev" = "next"): Promise<Answer[]> {
  const pages: Answer[] = [];
  for (let path: string | null = from; path !== null && pages.length < PAGES_MAX;) {
    const page: Answer = await ask("GET", path);
    expect(page.status, path).toBe(200);
    pages.push(page);
    path = page.body.links[link];
  }
  return pages;
}

/** Members that nobody enrolled: so many that an order for each would take minutes. */
const enrolMany = (shop: ShopId, count: number) =>
  inShop(
    shop,
    (tx) => tx.db.$executeRaw`
      INSERT INTO member (member_id, shop_id, customer_id, joined_at, last_activity_at)
      SELECT 'mem_' || lpad(n::text, 6, '0'), ${shop}, n::text, now() + n * interval '1 ms', now()
        FROM generate_series(1, ${count}::int) n`,
  );

test("where numbers end, the links go on by cursor", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  await enrolMany(shop, 10_150);
  const last = await walk(ask, "/v1/customers?page[number]=100&page[size]=100&sort=created_at");
  expect(last.map(({ body }) => [body.meta["page"], body.data.length])).toEqual([
    [100, 100],
    [101, 100],
    [undefined, 50],
  ]);
  expect(last.flatMap(idsOf).at(0)).toBe("mem_009901");
  expect(new Set(last.flatMap(idsOf)).size).toBe(250);
  const five = await ask("GET", "/v1/customers?page[number]=500&page[size]=1&sort=created_at");
  const beyond = await ask("GET", five.body.links.next ?? "");
  expect([beyond.status, idsOf(beyond)]).toEqual([200, ["mem_000501"]]);
});

test("the first page counts all, as Mage's does; what follows by cursor does not", async () => {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  for (const id of ["71", "72", "73"]) await sendCustomer(shop, { id });
  const [first, second] = await walk(ask, "/v1/customers?page[size]=2");
  expect(first?.body.meta).toEqual({ per_page: 2, page: 1, total: 3, total_pages: 2 });
  expect(second?.body.meta).toEqual({ per_page: 2 });
});

test("subscriptions are turned like any list", async () => {
  const { ask } = await integrator(await growthShopWithProgram());
  const body = { url: "http://127.0.0.1:9/hooks", events: ["points.earned"] };
  const made: string[] = [];
  for (let i = 0; i < 5; i += 1)
    made.push((await ask("POST", "/v1/webhook-subscriptions", { body })).body.data.id);
  const at = "/v1/webhook-subscriptions";
  const pages = await walk(ask, `${at}?page[size]=2`);
  expect(pages.map(idsOf)).toEqual([made.slice(0, 2), made.slice(2, 4), made.slice(4)]);
  expect(pages[0]?.body.meta).toEqual({ per_page: 2, page: 1, total: 5, total_pages: 3 });
  const [, newest] = await walk(ask, `${at}?page[size]=3&sort=-created_at`);
  expect(newest === undefined ? [] : idsOf(newest)).toEqual(made.slice(0, 2).toReversed());
  const back = await walk(ask, pages[2]?.body.links.prev ?? "", "prev");
  expect(back.map(idsOf)).toEqual([made.slice(2, 4), made.slice(0, 2)]);
  const numbered = await ask("GET", `${at}?page[number]=3&page[size]=2`);
  expect([idsOf(numbered), numbered.body.links.next]).toEqual([made.slice(4), null]);
  expect(codeOf(await ask("GET", `${at}?page[cursor]=nonsense`))).toEqual([400, "cursor_invalid"]);
});

test("event types are turned like any list", async () => {
  const { ask } = await integrator(await growthShopWithProgram());
  const pages = await walk(ask, "/v1/event-types?page[size]=10");
  expect(pages.flatMap(idsOf)).toEqual(EVENT_TYPES);
  expect((await walk(ask, "/v1/event-types?page[number]=1&page[size]=10")).flatMap(idsOf)).toEqual(
    EVENT_TYPES,
  );
});
