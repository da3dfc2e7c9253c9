// What a merchant's browser does, without the browser: asks the app's own screens with a session token.
import { z } from "zod";
import { API_AREAS } from "../app/shops/api-areas.ts";
import { idToken } from "./shopify/identity.ts";
import type { Demo } from "./start.ts";

const BROWSER = "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36";

/** The screens by the route that holds each one's loader and action. */
const SCREENS = {
  home: { route: "routes/app._index", path: () => "/app?index" },
  newWebhook: { route: "routes/app.settings.webhooks.new", path: () => "/app/settings/webhooks/new" },
  subscription: {
    route: "routes/app.settings.webhooks.$subscriptionId",
    path: (id: string) => `/app/settings/webhooks/${id}`,
  },
  apiKeys: { route: "routes/app.settings.api-keys", path: () => "/app/settings/api-keys" },
  order: { route: "routes/app.orders.$orderId", path: (id: string) => `/app/orders/${id}` },
} as const;

type Screen = keyof typeof SCREENS;

async function ask(
  demo: Demo,
  screen: Screen,
  about: { id?: string; query?: string; send?: unknown },
): Promise<unknown> {
  const { route, path } = SCREENS[screen];
  const url = new URL(path(about.id ?? ""), demo.appUrl);
  for (const [name, value] of new URLSearchParams(about.query)) url.searchParams.set(name, value);
  url.searchParams.set("_data", route);
  const token = idToken({ apiKey: demo.apiKey, apiSecret: demo.apiSecret }, demo.shop, Date.now());
  const answer = await fetch(url, {
    method: about.send === undefined ? "GET" : "POST",
    headers: { Authorization: `Bearer ${token}`, "User-Agent": BROWSER, "Content-Type": "application/json" },
    ...(about.send === undefined ? {} : { body: JSON.stringify(about.send) }),
  });
  if (answer.status === 404) return null;
  if (!answer.ok)
    throw new Error(`${screen} answered ${answer.status}: ${(await answer.text()).slice(0, 300)}`);
  return answer.json();
}

/** Opens the app for the first time: that installs it. */
export async function install(demo: Demo): Promise<void> {
  await ask(demo, "home", {});
}

const Created = z.object({ ok: z.literal(true), value: z.object({ id: z.string(), secret: z.string() }) });

/** Creates a subscription for the receiver through the screen's own action, and gives the receiver its secret. */
export async function subscribe(demo: Demo, eventTypes: readonly string[]): Promise<string> {
  const form = {
    url: demo.receiver.endpoint,
    format: "laurel",
    eventTypes,
    description: "Receiver",
    headers: [],
    ratePerSecond: null,
  };
  const { value } = Created.parse(await ask(demo, "newWebhook", { send: { intent: "create", form } }));
  demo.receiver.addSecret(value.secret);
  return value.id;
}

const Key = z.object({ ok: z.literal(true), key: z.string() });

/** Makes an API key that may everything through the screen's own action; the first visit of all installs the app. */
export async function makeApiKey(demo: Demo, name: string): Promise<string> {
  const scopes = Object.fromEntries(API_AREAS.map((area) => [area, "full"]));
  return Key.parse(await ask(demo, "apiKeys", { send: { intent: "create", name, scopes } })).key;
}

const Order = z.object({
  order: z.object({ posted: z.number(), decision: z.object({ excluded: z.string().nullable() }).nullable() }),
});

/** What an order earned and why not, as its page says; null while the app does not know it. */
export async function orderShown(
  demo: Demo,
  orderId: string,
): Promise<{ posted: number; excluded: string | null } | null> {
  const shown = await ask(demo, "order", { id: orderId });
  if (shown === null) return null;
  const { order } = Order.parse(shown);
  return { posted: order.posted, excluded: order.decision?.excluded ?? null };
}

const Log = z.object({
  deliveries: z.array(
    z.object({ id: z.string(), eventId: z.string(), orderId: z.string().nullable(), state: z.string() }),
  ),
  next: z.string().nullable(),
});
const PAGES_MAX = 100;

export type Owed = z.infer<typeof Log>["deliveries"][number];

/** All deliveries of a subscription, as its page lists them. */
export async function deliveriesShown(demo: Demo, subscriptionId: string): Promise<Owed[]> {
  const all: Owed[] = [];
  let cursor = "";
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = new URLSearchParams({ cursor }).toString();
    const { deliveries, next } = Log.parse(await ask(demo, "subscription", { id: subscriptionId, query }));
    all.push(...deliveries);
    if (next === null) break;
    cursor = next;
  }
  return all;
}
