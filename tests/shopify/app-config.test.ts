// shopify.app.toml and the code say the same: topics, handlers, scopes, versions.
import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { expect, test } from "vitest";
import { z } from "zod";
import { HEARS } from "../../app/inbound/topics.server.ts";
import { COMPLIANCE_TOPICS, TOPICS } from "../../app/shopify/topics.ts";

const text = readFileSync("shopify.app.toml", "utf8");
const list = z.array(z.string()).default([]);
const metafield = z.strictObject({
  type: z.enum(["number_integer", "json"]),
  name: z.string().min(1),
  description: z.string().min(1),
  access: z.strictObject({
    admin: z.literal("merchant_read"),
    storefront: z.literal("public_read"),
    customer_account: z.literal("read").optional(),
  }),
});
const config = z
  .strictObject({
    client_id: z.string().min(1),
    name: z.string().max(30),
    handle: z.string().max(256),
    application_url: z.url({ protocol: /^https$/ }),
    embedded: z.literal(true),
    build: z.strictObject({
      automatically_update_urls_on_dev: z.boolean(),
      include_config_on_deploy: z.literal(true),
    }),
    access_scopes: z.strictObject({ scopes: z.string(), use_legacy_install_flow: z.literal(false) }),
    auth: z.strictObject({ redirect_urls: z.array(z.url({ protocol: /^https$/ })).min(1) }),
    app_proxy: z.strictObject({ url: z.string(), subpath: z.string(), prefix: z.string() }),
    webhooks: z.strictObject({
      api_version: z.string(),
      subscriptions: z.array(z.strictObject({ topics: list, compliance_topics: list, uri: z.string() })),
    }),
    customer: z.strictObject({ metafields: z.strictObject({ app: z.record(z.string(), metafield) }) }),
    shop: z.strictObject({ metafields: z.strictObject({ app: z.record(z.string(), metafield) }) }),
  })
  .parse(parse(text));
const { subscriptions } = config.webhooks;
const named = subscriptions.flatMap(({ topics, compliance_topics }) => [...topics, ...compliance_topics]);

test("every topic that the code knows is subscribed to, once, and no other", () => {
  expect(subscriptions.flatMap(({ topics }) => topics)).toEqual([...TOPICS]);
  expect(subscriptions.flatMap((one) => one.compliance_topics)).toEqual([...COMPLIANCE_TOPICS]);
  expect(new Set(named).size).toBe(named.length);
  expect(new Set(subscriptions.map(({ uri }) => uri)).size).toBe(subscriptions.length);
});

test("every subscription leads to the address of its topic, and every topic that is heard is subscribed to", () => {
  for (const { topics, compliance_topics, uri } of subscriptions) {
    const [topic = "", ...more] = [...topics, ...compliance_topics];
    expect(more).toEqual([]);
    expect(uri).toBe(`/webhooks/${topic}`);
  }
  expect(Object.keys(HEARS)).toEqual(named);
});

test.each(named)("the comment above %s names its handler", (topic) => {
  const block = `^# (\\w+) of (app/\\S+)\\n# .+\\n\\[\\[webhooks\\.subscriptions\\]\\]\\n\\w+ = \\["${topic}"\\]`;
  const [, name = "", file = ""] = new RegExp(block, "m").exec(text) ?? [];
  expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^export (async )?function ${name}\\(`, "m"));
  const table = readFileSync("app/inbound/topics.server.ts", "utf8");
  // The handler itself, or what calls it.
  expect(table).toMatch(new RegExp(`"${topic}": (\\(inbound\\) => )?${name}\\b`));
});

test("the scopes are the least that the topics and the metafields need", () => {
  expect(config.access_scopes.scopes.split(",")).toEqual([
    "read_customer_merge",
    "read_customers",
    "read_orders",
    "write_customers",
  ]);
});

test("one version of Shopify's API is spoken everywhere, and the proxy is where the storefront asks", () => {
  const code = readFileSync("app/shopify/api.server.ts", "utf8");
  expect(config.webhooks.api_version).toBe("2026-10");
  expect(code).toContain("ApiVersion.October26");
  expect(config.app_proxy).toEqual({ url: "/proxy", subpath: "laurel", prefix: "apps" });
});

test("the app's own metafields are declared: points and account of a customer, the program of a shop", () => {
  expect(Object.keys(config.customer.metafields.app)).toEqual(["points", "loyalty"]);
  expect(Object.keys(config.shop.metafields.app)).toEqual(["program"]);
});
