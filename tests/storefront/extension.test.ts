// The theme extension: clean by Shopify's own checks, small, and whole in every language.
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { themeCheckRun } from "@shopify/theme-check-node";
import { expect, test } from "vitest";
import { renderTheme } from "../../demo/shopify/theme-extension.ts";
import { openShops } from "../../demo/shopify/shop.ts";

const ROOT = resolve("extensions/laurel-storefront");
const SCRIPT_BYTES_MAX = 6 * 1024;
const text = (name: string) => readFileSync(`${ROOT}/${name}`, "utf8");

test("Shopify's theme check finds nothing", async () => {
  const { offenses, theme } = await themeCheckRun(ROOT, "theme-check:theme-app-extension");
  expect(theme.length).toBeGreaterThan(2);
  expect(offenses.map(({ check, message, uri }) => `${check}: ${message} ${uri}`)).toEqual([]);
}, 60_000);

test("all script together stays below 6 KB gzipped", () => {
  const scripts = globSync("assets/*.js", { cwd: ROOT }).map((name) => gzipSync(text(name)).length);
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(SCRIPT_BYTES_MAX);
});

test("nothing is written as markup by the script, and no global is left", () => {
  const script = text("assets/laurel.js");
  expect(script).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write|eval\(/);
  expect(script).not.toMatch(/window\.\w+\s*=/);
  expect(script.trimEnd()).toMatch(/\}\)\(\);$/);
});

const leaves = (node: unknown, path = ""): [string, string][] =>
  typeof node === "string"
    ? [[path, [...node.matchAll(/\{\{\s*(\w+)\s*\}\}/g)].map((found) => found[1]).join()]]
    : Object.entries(node as object).flatMap(([key, child]) => leaves(child, `${path}.${key}`));

test.each(["json", "schema.json"])("German says everything that English says (%s)", (ending) => {
  const english = leaves(JSON.parse(text(`locales/en.default.${ending}`)));
  expect(leaves(JSON.parse(text(`locales/de.${ending}`)))).toEqual(english);
});

const visit = async (account: object | null, locale = "en") => {
  const shop = openShops().open(`theme-${locale}`, {});
  const [customer] = shop?.customers.values() ?? [];
  if (!shop || !customer) throw new Error("no shop or customer");
  if (account !== null) {
    const value = JSON.stringify(account);
    const { gid: ownerId } = customer;
    shop.metafields.set("loyalty", {
      id: 1n,
      ownerId,
      namespace: "$app",
      key: "loyalty",
      type: "json",
      value,
    } as never);
  }
  const folder = new URL("../../extensions/laurel-storefront/", import.meta.url);
  const { block, embed } = await renderTheme(folder, shop, { ...customer, locale });
  return { markup: block.html, embed: embed.html, folder, shop };
};
const ACCOUNT = {
  points: 380,
  pending: 0,
  tier: { name: "Silver" },
  next_tier: { name: "<b>Gold</b>" },
  points_to_next: 120,
};

test("the customer's copy is on the page before any request", async () => {
  const { markup, embed } = await visit(ACCOUNT);
  for (const part of [markup, embed]) {
    expect(part).toContain("380 points");
    expect(part).toContain("Silver");
    expect(part).toContain("120 points to &lt;b&gt;Gold&lt;/b&gt;");
    expect(part).toContain('data-state="ready"');
  }
  expect((await visit(ACCOUNT, "de")).markup).toContain("Noch 120 Punkte bis");
});

test("who has no copy yet sees that it loads; who is not signed in is asked to", async () => {
  const { markup, folder, shop } = await visit(null);
  expect(markup).toContain('data-state="loading"');
  const nobody = (await renderTheme(folder, shop, undefined)).block.html;
  expect(nobody).toContain('data-state="signed-out"');
  expect(nobody).toContain(`href="/store/${shop.handle}"`);
  expect(nobody).not.toContain("laurel-figures");
});
