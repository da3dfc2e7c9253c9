// The stand-in's doors: id tokens and access tokens, Admin GraphQL, the app proxy, the shell; and what is kept out.
import { createHmac } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import { refuseInProduction } from "../../demo/production-guard.ts";
import { startReceiver as startDemoReceiver } from "../../demo/receiver/receiver.ts";
import { appConfigOf } from "../../demo/shopify/app-config.ts";
import { idToken, issue, readGrant, readIdToken } from "../../demo/shopify/identity.ts";
import { openTokenDesk } from "../../demo/shopify/oauth.ts";
import { proxySignature, signedProxyQuery } from "../../demo/shopify/proxy-signature.ts";
import { startStandIn, type StandIn } from "../../demo/shopify/server.ts";
import { openShops, type Shop } from "../../demo/shopify/shop.ts";
import { startReceiver, type Receiver } from "../support/receiver.ts";

const APP = { apiKey: "client-id", apiSecret: "hush" };
const CONFIG = appConfigOf(`
  name = "Laurel"
  handle = "laurel"
  [access_scopes]
  scopes = "read_orders,write_customers"
  [app_proxy]
  url = "/proxy"
  subpath = "laurel"
  prefix = "apps"
  [webhooks]
  api_version = "2026-10"
  [[webhooks.subscriptions]]
  topics = ["app/uninstalled", "app_subscriptions/update", "orders/paid"]
  uri = "/webhooks"
  [[webhooks.subscriptions]]
  compliance_topics = ["shop/redact"]
  uri = "/webhooks/shop/redact"
`);
const MINUTE = 60_000;

const open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});
async function started(): Promise<{ standIn: StandIn; app: Receiver; shop: Shop }> {
  const app = await startReceiver();
  const standIn = await startStandIn({
    ...APP,
    port: 0,
    appUrl: new URL(app.url).origin,
    config: CONFIG,
    haste: 1_000_000,
  });
  open.push(standIn, app);
  return { standIn, app, shop: shopIn(standIn.shops.at("quiet-garden")) };
}
const shopIn = (shop: Shop | undefined): Shop => {
  if (!shop) throw new Error("no shop");
  return shop;
};
const posted = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

describe("production", () => {
  test("keeps the demo out, and says what to run instead", async () => {
    expect(() => refuseInProduction({ NODE_ENV: "production" })).toThrow(
      /refuses to run with NODE_ENV=production.*npm start/,
    );
    const before = process.env["NODE_ENV"];
    process.env["NODE_ENV"] = "production";
    try {
      await expect(
        startStandIn({ ...APP, port: 0, appUrl: "http://localhost:1", config: CONFIG }),
      ).rejects.toThrow(/refuses/);
      await expect(startDemoReceiver(0)).rejects.toThrow(/refuses/);
    } finally {
      process.env["NODE_ENV"] = before;
    }
  });
});

describe("tokens", () => {
  const shop = shopIn(openShops().at("quiet-garden"));
  const at = Date.parse("2026-11-20T12:00:00Z");
  const exchange = (subject: string) => ({
    client_id: APP.apiKey,
    client_secret: APP.apiSecret,
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: subject,
  });
  const refresh = (token: string | number | undefined) => ({
    client_id: APP.apiKey,
    client_secret: APP.apiSecret,
    grant_type: "refresh_token",
    refresh_token: token,
  });

  test("an id token names its shop for a minute and cannot be altered", () => {
    const token = idToken(APP, shop, at);
    expect(readIdToken(APP, token, at)).toBe("quiet-garden.myshopify.com");
    expect(readIdToken(APP, token, at + 2 * MINUTE)).toBeUndefined();
    expect(readIdToken({ ...APP, apiSecret: "other" }, token, at)).toBeUndefined();
    const [head = "", body = "", signature = ""] = token.split(".");
    const forged = Buffer.from(
      Buffer.from(body, "base64url").toString().replace("quiet-garden", "noisy-garden"),
    ).toString("base64url");
    expect(readIdToken(APP, `${head}.${forged}.${signature}`, at)).toBeUndefined();
  });

  test("an exchange installs the app and gives a token for an hour, with one to renew it", () => {
    const desk = openTokenDesk(APP, CONFIG.scopes);
    shop.installedAt = null;
    const { status, body } = desk.answer(shop, exchange(idToken(APP, shop, at)), at);
    expect(status).toBe(200);
    expect(body).toMatchObject({ scope: "read_orders,write_customers", expires_in: 3599 });
    expect(shop.installedAt).not.toBeNull();
    const token = String(body["access_token"]);
    expect(desk.opens(shop, token, at + 59 * MINUTE)).toBe(true);
    expect(desk.opens(shop, token, at + 61 * MINUTE)).toBe(false);
    expect(desk.opens(shopIn(openShops().at("other")), token, at)).toBe(false);
    expect(readGrant(APP, "access", String(body["refresh_token"]), at)).toBeUndefined();
  });

  test("a wrong secret, an old id token and one of another shop are refused in Shopify's words", () => {
    const desk = openTokenDesk(APP, CONFIG.scopes);
    const other = shopIn(openShops().at("noisy-garden"));
    const error = (body: unknown) => desk.answer(shop, body, at).body["error"];
    expect(error({ ...exchange(idToken(APP, shop, at)), client_secret: "wrong" })).toBe("invalid_client");
    expect(error(exchange(idToken(APP, shop, at - 2 * MINUTE)))).toBe("invalid_subject_token");
    expect(error(exchange(idToken(APP, other, at)))).toBe("invalid_subject_token");
    expect(error({ client_id: APP.apiKey })).toBe("invalid_request");
    expect(error(refresh("shprt_nonsense"))).toBe("invalid_grant");
  });

  test("a refresh token rotates: the one before works until its replacement is first used, then never again", () => {
    const desk = openTokenDesk(APP, CONFIG.scopes);
    const first = desk.answer(shop, exchange(idToken(APP, shop, at)), at).body["refresh_token"];
    const second = desk.answer(shop, refresh(first), at + MINUTE).body["refresh_token"];
    expect(desk.answer(shop, refresh(first), at + 2 * MINUTE).status).toBe(200);
    expect(desk.answer(shop, refresh(second), at + 3 * MINUTE).status).toBe(200);
    expect(desk.answer(shop, refresh(first), at + 4 * MINUTE).body["error"]).toBe("invalid_grant");
  });

  test("a token that only looks like one is none", () => {
    const token = issue(APP, { kind: "access", domain: shop.domain, at, expires: at + MINUTE, chain: 1 });
    expect(readGrant(APP, "access", token, at)).toBeDefined();
    for (const broken of ["", "shpat_", "shpat_e30.e30", `${token}x`, token.slice(0, -3)])
      expect(readGrant(APP, "access", broken, at)).toBeUndefined();
  });
});

describe("Admin GraphQL", () => {
  async function asked() {
    const { standIn, shop } = await started();
    const headers = { "X-Simulated-Shop": shop.domain };
    const exchange = {
      client_id: APP.apiKey,
      client_secret: APP.apiSecret,
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: idToken(APP, shop, Date.now()),
    };
    const token = (await (
      await posted(`${standIn.url}/admin/oauth/access_token`, exchange, headers)
    ).json()) as {
      access_token: string;
    };
    const ask = async (query: string, variables: object = {}, accessToken = token.access_token) => {
      const url = `${standIn.url}/admin/api/2026-10/graphql.json`;
      const answer = await posted(
        url,
        { query, variables },
        { ...headers, "X-Shopify-Access-Token": accessToken },
      );
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    return { standIn, shop, ask };
  }

  test("answers for the shop of the token, with its price", async () => {
    const { ask } = await asked();
    const { status, body } = await ask("{ shop { myshopifyDomain currencyCode } }");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      data: { shop: { myshopifyDomain: "quiet-garden.myshopify.com", currencyCode: "USD" } },
      extensions: {
        cost: { requestedQueryCost: 1, throttleStatus: { maximumAvailable: 2000, restoreRate: 100 } },
      },
    });
  });

  test("refuses a stranger, an unknown version and a field that is not there, as Shopify does", async () => {
    const { standIn, ask } = await asked();
    expect(await ask("{ shop { name } }", {}, "shpat_stranger")).toMatchObject({ status: 401 });
    expect((await posted(`${standIn.url}/admin/api/2020-01/graphql.json`, {})).status).toBe(404);
    const { status, body } = await ask("query Odd { shop { favouriteColour } }");
    expect(status).toBe(200);
    expect(body).toMatchObject({
      errors: [
        {
          message: "Field 'favouriteColour' doesn't exist on type 'Shop'",
          extensions: { code: "undefinedField", typeName: "Shop", fieldName: "favouriteColour" },
        },
      ],
    });
    expect(body).not.toHaveProperty("data");
  });

  test("is throttled when told to be, and heals", async () => {
    const { standIn, ask } = await asked();
    await posted(`${standIn.url}/api/settings`, { throttleNext: 1 });
    expect((await ask("{ shop { name } }")).body).toMatchObject({
      errors: [{ extensions: { code: "THROTTLED" } }],
    });
    expect((await ask("{ shop { name } }")).body).toHaveProperty("data.shop.name");
  });

  test("runs dry when too much is asked at once: an object costs a point, a page its size", async () => {
    const { ask } = await asked();
    const answers = [];
    for (let i = 0; i < 10; i++)
      answers.push((await ask("{ customers(first: 250) { nodes { id tags } } }")).body);
    expect(answers[0]).toMatchObject({ extensions: { cost: { requestedQueryCost: 251 } } });
    expect(answers.at(-1)).toMatchObject({ errors: [{ extensions: { code: "THROTTLED" } }] });
  });

  test("shows the plan: as it is switched, frozen, and gone", async () => {
    const { standIn, shop, ask } = await asked();
    const plan = async () => {
      const query = "{ currentAppInstallation { activeSubscriptions { name status } } }";
      return (await ask(query)).body["data"];
    };
    const shown = (activeSubscriptions: unknown[]) => ({ currentAppInstallation: { activeSubscriptions } });
    expect(await plan()).toEqual(shown([{ name: "Growth", status: "ACTIVE" }]));
    standIn.actions.plan(shop, "frozen");
    expect(await plan()).toEqual(shown([{ name: "Growth", status: "FROZEN" }]));
    standIn.actions.plan(shop, "cancelled");
    expect(await plan()).toEqual(shown([]));
    await standIn.sender.settled();
  });

  test("sets metafields all or none, and reads them back", async () => {
    const { shop, ask } = await asked();
    const [customer] = [...shop.customers.values()];
    const set = (metafields: object[]) =>
      ask(
        "mutation Set($metafields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $metafields) { metafields { key value } userErrors { code elementIndex } } }",
        { metafields },
      );
    const good = { ownerId: customer?.gid, key: "points", type: "number_integer", value: "62" };
    const bad = { ...good, value: "many" };
    expect((await set([good, bad])).body).toMatchObject({
      data: { metafieldsSet: { metafields: null, userErrors: [{ code: "INVALID_VALUE", elementIndex: 1 }] } },
    });
    expect(shop.metafields.size).toBe(0);
    expect((await set([good])).body).toMatchObject({
      data: { metafieldsSet: { metafields: [{ key: "points", value: "62" }], userErrors: [] } },
    });
    const read = await ask(
      'query($id: ID!) { customer(id: $id) { metafield(namespace: "$app", key: "points") { value } } }',
      { id: customer?.gid },
    );
    expect(read.body).toMatchObject({ data: { customer: { metafield: { value: "62" } } } });
  });

  test("uninstalling tells the app, and kills its tokens", async () => {
    const { standIn, shop, ask } = await asked();
    expect(standIn.actions.uninstall(shop)?.map(({ topic }) => topic)).toEqual(["app/uninstalled"]);
    await standIn.sender.settled();
    expect((await ask("{ shop { name } }")).status).toBe(401);
    expect(standIn.actions.uninstall(shop)).toBeUndefined();
  });
});

describe("what an app hears", () => {
  test("is nothing before it is installed, except what the law asks for", async () => {
    const { standIn, shop } = await started();
    const [product] = shop.products;
    const [customer] = [...shop.customers.values()];
    if (!product || !customer) throw new Error("an empty shop");
    expect(standIn.actions.place(shop, { customer, lines: [{ product, quantity: 1 }] }).webhooks).toEqual([]);
    expect(standIn.actions.comply(shop, "shop/redact", customer)).toHaveLength(1);
    await standIn.sender.settled();
  });
});

describe("the app proxy", () => {
  test("signs sorted parameters without a separator (a known answer, made with openssl)", () => {
    const query = new URLSearchParams(
      "shop=quiet-garden.myshopify.com&path_prefix=/apps/laurel&timestamp=1317327555&extra=1&extra=2&signature=x",
    );
    expect(proxySignature(query, "hush")).toBe(
      "c3a8e375557851733647be4366e1b17a0d6d23b3d6861777f2c268a403278908",
    );
  });

  test("never lets a visitor say who is logged in", () => {
    const visit = {
      shop: "quiet-garden.myshopify.com",
      customerId: "",
      pathPrefix: "/apps/laurel",
      seconds: 1,
    };
    const query = signedProxyQuery(new URLSearchParams("logged_in_customer_id=7&shop=x&q=1"), visit, "hush");
    expect(query.getAll("logged_in_customer_id")).toEqual([""]);
    expect(query.getAll("shop")).toEqual(["quiet-garden.myshopify.com"]);
    expect(query.get("q")).toBe("1");
  });

  test("carries a logged-in customer's request to the app, signed, and the answer back", async () => {
    const { standIn, app, shop } = await started();
    const [customer] = [...shop.customers.values()];
    app.usualAnswer({
      status: 200,
      headers: { "content-type": "application/json", "set-cookie": "a=b" },
      body: '{"points":62}',
    });
    const cookie = `standin_shop=quiet-garden; standin_customer_quiet-garden=${customer?.id}`;
    const answer = await fetch(`${standIn.url}/apps/laurel/member?x=1`, { headers: { cookie } });
    expect(await answer.json()).toEqual({ points: 62 });
    expect(answer.headers.get("set-cookie")).toBeNull();
    const asked = new URL(app.received[0]?.path ?? "", "http://app");
    expect(asked.pathname).toBe("/proxy/member");
    expect(asked.searchParams.get("logged_in_customer_id")).toBe(customer?.id.toString());
    expect(asked.searchParams.get("signature")).toBe(proxySignature(asked.searchParams, APP.apiSecret));
    expect(app.received[0]?.headers.cookie).toBeUndefined();
  });
});

describe("the pages", () => {
  test("the shell opens the app as Shopify does: embedded, with shop, host, locale and a fresh id token", async () => {
    const { standIn, shop } = await started();
    const page = await (
      await fetch(`${standIn.url}/admin/store/quiet-garden/apps/laurel/app/members?tier=gold`)
    ).text();
    const src = /<iframe[^>]* src="([^"]+)"/.exec(page.replaceAll("&amp;", "&"))?.[1] ?? "";
    const url = new URL(src);
    expect(url.pathname).toBe("/app/members");
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tier: "gold",
      embedded: "1",
      shop: shop.domain,
      locale: "en",
    });
    expect(Buffer.from(url.searchParams.get("host") ?? "", "base64").toString()).toBe(
      "admin.shopify.com/store/quiet-garden",
    );
    expect(readIdToken(APP, url.searchParams.get("id_token") ?? "", Date.now())).toBe(shop.domain);
  });

  test("an address with two slashes does not lead the frame to another host", async () => {
    const { standIn, app } = await started();
    const page = await (
      await fetch(`${standIn.url}/admin/store/quiet-garden/apps/laurel//elsewhere.example/x`)
    ).text();
    const src = /<iframe[^>]* src="([^"]+)"/.exec(page.replaceAll("&amp;", "&"))?.[1] ?? "";
    expect(new URL(src).origin).toBe(new URL(app.url).origin);
  });

  test("the storefront and the list of webhooks escape what others wrote", async () => {
    const { standIn, shop } = await started();
    shop.name = "<script>alert(1)</script>";
    for (const path of ["/store/quiet-garden", "/webhooks", "/admin/store/quiet-garden/apps/laurel"]) {
      const page = await (await fetch(standIn.url + path)).text();
      expect(page).toContain("<!doctype html>");
      expect(page).not.toContain("<script>alert(1)");
    }
  });

  test("a page of another name cannot drive the demo, and a form cannot post to it", async () => {
    const { standIn } = await started();
    const { get } = await import("node:http");
    const status = await new Promise((resolve) => {
      get(
        { port: standIn.port, host: "127.0.0.1", path: "/", headers: { host: "evil.example" } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
    });
    expect(status).toBe(421);
    const form = await fetch(`${standIn.url}/api/shops/quiet-garden/plan`, {
      method: "POST",
      body: new URLSearchParams({ plan: "free" }),
    });
    expect(form.status).toBe(422);
  });

  test("what is asked wrongly is refused with the field's name, and changes nothing", async () => {
    const { standIn, shop } = await started();
    const place = (body: object) => posted(`${standIn.url}/api/shops/quiet-garden/orders`, body);
    for (const body of [
      { lines: [] },
      { lines: [{ product: "linen-apron", quantity: -1 }] },
      { lines: [{ product: "linen-apron", quantity: 1 }], tip: 0.5 },
    ])
      expect((await place(body)).status).toBe(422);
    expect((await place({ lines: [{ product: "nothing-here", quantity: 1 }] })).status).toBe(404);
    expect(shop.orders).toEqual([]);
    expect((await place({ lines: [{ product: "linen-apron", quantity: 1 }] })).status).toBe(201);
  });
});

describe("the receiver", () => {
  const SECRET = `whsec_${Buffer.from("a secret of thirty-two bytes, ok").toString("base64")}`;
  const signed = (body: string, secret: string) => {
    const at = new Date();
    const seconds = Math.floor(at.getTime() / 1000);
    const mage = createHmac("sha256", secret).update(`${at.toISOString()}.${body}`).digest("hex");
    const key = Buffer.from(secret.slice("whsec_".length), "base64");
    const standard = createHmac("sha256", key).update(`evt_1.${seconds}.${body}`).digest("base64");
    return {
      "webhook-id": "evt_1",
      "webhook-timestamp": String(seconds),
      "webhook-signature": `v1,${standard}`,
      "x-webhook-timestamp": at.toISOString(),
      "x-webhook-signature": `sha256=${mage}`,
    };
  };
  const BODY = '{"id":"evt_1","event":"test","shop":"quiet-garden","sequence":3}';

  test("verifies both ways, marks what came before, and answers as it is told", async () => {
    const receiver = await startDemoReceiver(0);
    open.push(receiver);
    const send = (body: string, headers: Record<string, string>) =>
      fetch(receiver.endpoint, { method: "POST", headers, body });
    await posted(`${receiver.url}/secrets`, { secret: SECRET });
    await send(BODY, signed(BODY, SECRET));
    await send(BODY, signed(BODY, SECRET));
    await send(BODY.replace("3", "4"), signed(BODY, SECRET));
    expect(
      receiver.received.map(({ standard, mage, duplicate, sequence }) => ({
        standard,
        mage,
        duplicate,
        sequence,
      })),
    ).toEqual([
      { standard: true, mage: true, duplicate: false, sequence: 3 },
      { standard: true, mage: true, duplicate: true, sequence: 3 },
      { standard: false, mage: false, duplicate: true, sequence: 4 },
    ]);
    await posted(`${receiver.url}/mode`, { mode: "gone" });
    expect((await send(BODY, signed(BODY, SECRET))).status).toBe(410);
    expect(await (await fetch(`${receiver.url}/received`)).json()).toHaveLength(4);
  });

  test("takes what is no event at all without falling over", async () => {
    const receiver = await startDemoReceiver(0);
    open.push(receiver);
    for (const body of ["", "not json", "[]", '{"event":7}'])
      await fetch(receiver.endpoint, { method: "POST", body });
    expect(receiver.received.map(({ standard, event }) => ({ standard, event }))).toEqual(
      Array.from({ length: 4 }, () => ({ standard: false, event: "" })),
    );
  });
});
