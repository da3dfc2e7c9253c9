// The stand-in's own JSON interface, below /api: what its pages, tests and other programs drive it with.
import { Router, json, type Request, type Response } from "express";
import { z } from "zod";
import type { Actions } from "./actions.ts";
import type { AdminGraphql } from "./admin-graphql.ts";
import type { Customer } from "./goods.ts";
import { orderSummary } from "./order-body.ts";
import type { Order, OrderWish } from "./orders.ts";
import { PLAN_NAMES, type PlanName } from "./plans.ts";
import type { Shop, Shops, ShopWish } from "./shop.ts";
import type { SentWebhook, WebhookSender } from "./webhook-sender.ts";
import { CURRENCIES } from "./money.ts";

const id = z
  .string()
  .regex(/^\d{1,20}$/)
  .transform(BigInt);
const minor = z.number().int().min(0).max(1_000_000_000).transform(BigInt);
const Place = z.strictObject({
  customer: z.union([id, z.email()]).nullish(),
  email: z.email().optional(),
  lines: z
    .array(z.strictObject({ product: z.string(), quantity: z.number().int().min(1).max(1000) }))
    .min(1)
    .max(50),
  discount: z
    .strictObject({
      code: z.string().optional(),
      percent: z.number().int().min(1).max(100).optional(),
      amount: minor.optional(),
    })
    .optional(),
  shipping: minor.optional(),
  tip: minor.optional(),
  currency: z.enum(CURRENCIES).optional(),
  gateways: z.array(z.string()).optional(),
  sourceName: z.string().optional(),
  test: z.boolean().optional(),
  largeIds: z.boolean().optional(),
});
const Refund = z.strictObject({
  lines: z
    .array(z.strictObject({ lineId: id, quantity: z.number().int().min(1) }))
    .max(50)
    .default([]),
  shipping: z.boolean().optional(),
  amount: minor.optional(),
});
const Edit = z.strictObject({ lineId: id, quantity: z.number().int().min(0).max(1000) });
const ShopChange = z.strictObject({
  name: z.string().min(1).max(80).optional(),
  currency: z.enum(CURRENCIES).optional(),
  timeZone: z.string().optional(),
  locale: z.string().optional(),
  taxesIncluded: z.boolean().optional(),
  taxRate: z.number().int().min(0).max(10_000).optional(),
});
const NewCustomer = z.strictObject({
  firstName: z.string(),
  lastName: z.string(),
  email: z.email(),
  verifiedEmail: z.boolean().default(true),
  tags: z.array(z.string()).default([]),
  locale: z.string().default("en"),
});
const CustomerChange = NewCustomer.partial();
const Comply = z.strictObject({
  topic: z.enum(["customers/data_request", "customers/redact", "shop/redact"]),
  customer: id.optional(),
});
const Settings = z.strictObject({
  duplicates: z.boolean().optional(),
  reorder: z.boolean().optional(),
  throttleNext: z.number().int().min(0).max(1000).optional(),
});

export type ControlParts = {
  shops: Shops;
  actions: Actions;
  sender: WebhookSender;
  graphql: AdminGraphql;
  scopes: string;
};

export const customerSummary = (customer: Customer) => ({
  id: customer.id.toString(),
  gid: customer.gid,
  name: `${customer.firstName} ${customer.lastName}`,
  email: customer.email,
});

/** A shop as its admin shell shows it. */
export const shopState = (shop: Shop) => ({
  handle: shop.handle,
  domain: shop.domain,
  name: shop.name,
  currency: shop.currency,
  plan: shop.plan,
  installed: shop.installedAt !== null,
  customers: [...shop.customers.values()].map(customerSummary),
  orders: shop.orders.slice(0, 50).map(orderSummary),
});

const webhookSummary = (webhook: SentWebhook) => ({
  webhookId: webhook.webhookId,
  eventId: webhook.eventId,
  topic: webhook.topic,
  state: webhook.state,
});

/** The wish for an order in the stand-in's own terms; undefined when it names a product or customer that is not there. */
export function orderWish(shop: Shop, asked: z.infer<typeof Place>): OrderWish | undefined {
  const { customer: who, lines: wanted, ...rest } = asked;
  const lines = wanted.flatMap(({ product: handle, quantity }) => {
    const product = shop.products.find((candidate) => candidate.handle === handle);
    return product ? [{ product, quantity }] : [];
  });
  const customer = who === null || who === undefined ? null : customerOf(shop, who);
  if (lines.length < wanted.length || customer === undefined) return undefined;
  return { ...rest, customer, lines };
}

const customerOf = (shop: Shop, who: bigint | string): Customer | undefined =>
  typeof who === "bigint"
    ? shop.customers.get(who)
    : [...shop.customers.values()].find((customer) => customer.email === who);

const missing = (response: Response, what: string): void =>
  void response.status(404).json({ error: `no such ${what}` });
const nothingToDo = (response: Response): void =>
  void response.status(409).json({ error: "there is nothing left to do here" });

type Run<About> = (shop: Shop, about: About, body: unknown) => SentWebhook[] | undefined;

const answer = (response: Response, webhooks: SentWebhook[] | undefined): void =>
  webhooks ? void response.json({ webhooks: webhooks.map(webhookSummary) }) : nothingToDo(response);

/** Handlers that find the shop, order or customer that the path names. */
function finders(shops: Shops) {
  const withShop =
    (run: (shop: Shop, request: Request, response: Response) => void) =>
    (request: Request, response: Response) => {
      const shop = shops.at(request.params["shop"] ?? "");
      if (shop) run(shop, request, response);
      else missing(response, "shop");
    };
  const withOrder = (run: Run<Order>) =>
    withShop((shop, request, response) => {
      const order = shop.orders.find((candidate) => candidate.id.toString() === request.params["order"]);
      if (order) answer(response, run(shop, order, request.body));
      else missing(response, "order");
    });
  const withCustomer = (run: Run<Customer>) =>
    withShop((shop, request, response) => {
      const customer = customerOf(shop, id.parse(request.params["customer"]));
      if (customer) answer(response, run(shop, customer, request.body));
      else missing(response, "customer");
    });
  return { withShop, withOrder, withCustomer };
}

type Finders = ReturnType<typeof finders>;

function orderRoutes(router: Router, { actions }: ControlParts, { withShop, withOrder }: Finders): void {
  const orders = "/shops/:shop/orders";
  router.post(
    orders,
    withShop((shop, request, response) => {
      const wish = orderWish(shop, Place.parse(request.body));
      if (!wish) return missing(response, "product or customer");
      const { order, webhooks } = actions.place(shop, wish);
      response.status(201).json({ order: orderSummary(order), webhooks: webhooks.map(webhookSummary) });
    }),
  );
  router.post(
    `${orders}/:order/refund`,
    withOrder((shop, order, body) => actions.refund(shop, order, Refund.parse(body))),
  );
  router.post(
    `${orders}/:order/cancel`,
    withOrder((shop, order) => actions.cancel(shop, order)),
  );
  router.post(
    `${orders}/:order/redeliver`,
    withOrder((shop, order) => actions.redeliver(shop, order)),
  );
  router.post(
    `${orders}/:order/edit`,
    withOrder((shop, order, body) => {
      const { lineId, quantity } = Edit.parse(body);
      return actions.edit(shop, order, lineId, quantity);
    }),
  );
}

const PlanChange = z.strictObject({ plan: z.enum(PLAN_NAMES as [PlanName, ...PlanName[]]) });

function shopRoutes(router: Router, { actions, scopes }: ControlParts, { withShop }: Finders): void {
  router.get(
    "/shops/:shop",
    withShop((shop, _request, response) => void response.json(shopState(shop))),
  );
  const post = (path: string, run: (shop: Shop, body: unknown) => SentWebhook[] | undefined) =>
    router.post(
      `/shops/:shop${path}`,
      withShop((shop, request, response) => answer(response, run(shop, request.body))),
    );
  post("", (shop, body) => actions.change(shop, given<ShopWish>(ShopChange.parse(body))));
  post("/plan", (shop, body) => actions.plan(shop, PlanChange.parse(body).plan));
  post("/uninstall", (shop) => actions.uninstall(shop));
  post("/scopes", (shop) => actions.scopes(shop, scopes));
  router.post(
    "/shops/:shop/compliance",
    withShop((shop, request, response) => {
      const { topic, customer: who } = Comply.parse(request.body);
      const customer = who === undefined ? [...shop.customers.values()][0] : shop.customers.get(who);
      if (customer) answer(response, actions.comply(shop, topic, customer));
      else missing(response, "customer");
    }),
  );
}

function customerRoutes(
  router: Router,
  { actions }: ControlParts,
  { withShop, withCustomer }: Finders,
): void {
  const customers = "/shops/:shop/customers";
  router.post(
    customers,
    withShop((shop, request, response) => {
      const { customer, webhooks } = actions.createCustomer(shop, NewCustomer.parse(request.body));
      response
        .status(201)
        .json({ customer: customerSummary(customer), webhooks: webhooks.map(webhookSummary) });
    }),
  );
  router.post(
    `${customers}/:customer`,
    withCustomer((shop, customer, body) =>
      actions.updateCustomer(shop, customer, given<Partial<Customer>>(CustomerChange.parse(body))),
    ),
  );
  router.delete(
    `${customers}/:customer`,
    withCustomer((shop, customer) => actions.deleteCustomer(shop, customer)),
  );
  router.post(
    `${customers}/:customer/merge`,
    withCustomer((shop, kept, body) => {
      const other = shop.customers.get(z.strictObject({ from: id }).parse(body).from);
      return other && other !== kept ? actions.mergeCustomers(shop, kept, other) : undefined;
    }),
  );
}

/** Everything below /api. Bodies are JSON only, so that no foreign page can post here unasked. */
export function controlRoutes(parts: ControlParts): Router {
  const { shops, sender, graphql } = parts;
  const router = Router();
  router.use(json({ limit: "64kb", type: "application/json" }));
  const find = finders(shops);
  shopRoutes(router, parts, find);
  orderRoutes(router, parts, find);
  customerRoutes(router, parts, find);
  router.get("/webhooks", (_request, response) => void response.json(sender.log()));
  router.post("/webhooks/:id/redeliver", (request, response) => {
    const again = sender.redeliver(request.params.id);
    answer(response, again && [again]);
  });
  router.get("/settings", (_request, response) => void response.json(sender.settings));
  router.post("/settings", (request, response) => {
    const { throttleNext, ...line } = Settings.parse(request.body);
    Object.assign(sender.settings, given(line));
    if (throttleNext !== undefined) graphql.throttleNext(throttleNext);
    response.json(sender.settings);
  });
  return router;
}

/** The fields that were given, without those left out. */
const given = <Wanted extends object>(fields: object): Wanted =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Wanted;
