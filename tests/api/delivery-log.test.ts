// The log of deliveries, searched, sorted and paged.
import { expect, test } from "vitest";
import { sendOrder } from "../orders/a-shop.ts";
import "../support/database.ts";
import { growthShopWithProgram, integrator } from "./an-integrator.ts";
import type { Ask } from "./an-integrator.ts";

const attributesOf = async (ask: Ask, query: string) =>
  (await ask("GET", `/v1/deliveries?${query}`)).body.data.map(({ attributes }) => attributes);

/** A shop that owes its endpoint what two orders of two customers caused; nothing is sent. */
async function shopThatOwes() {
  const shop = await growthShopWithProgram();
  const { ask } = await integrator(shop);
  const body = { url: "http://127.0.0.1:9/hooks", events: ["points.earned", "order.recorded"] };
  await ask("POST", "/v1/webhook-subscriptions", { body });
  await sendOrder(shop, { id: "1", customer: { id: "71" } });
  await sendOrder(shop, { id: "2", customer: { id: "72" } });
  return { ask, all: await attributesOf(ask, "sort=created_at") };
}

test("is found by order, by member, and by when it came to be", async () => {
  const { ask, all } = await shopThatOwes();
  const { order_id: order, member_id: member, created_at: created } = all.at(-1) ?? {};
  const found = {
    order: await attributesOf(ask, `sort=created_at&filter[order_id]=${String(order)}`),
    member: await attributesOf(ask, `sort=created_at&filter[member_id]=${String(member)}`),
  };
  expect(found.order).toEqual(all.filter((one) => one["order_id"] === order));
  expect(found.member).toEqual(all.filter((one) => one["member_id"] === member));
  expect([found.order.length, all.length]).toEqual([2, 4]);
  const from = await attributesOf(ask, `sort=created_at&filter[created_from]=${String(created)}`);
  expect(from).toEqual(all.filter((one) => String(one["created_at"]) >= String(created)));
  expect(from.length).toBeGreaterThan(0);
});

test("is sorted both ways, and counted where pages have numbers", async () => {
  const { ask, all } = await shopThatOwes();
  expect(await attributesOf(ask, "sort=-created_at")).toEqual(all.toReversed());
  expect(await attributesOf(ask, "")).toEqual(all.toReversed());
  const { body } = await ask("GET", "/v1/deliveries?page[number]=2&page[size]=3&sort=created_at");
  expect(body.meta).toEqual({ per_page: 3, page: 2, total: 4, total_pages: 2 });
  expect(body.data.map(({ attributes }) => attributes)).toEqual(all.slice(3));
});
