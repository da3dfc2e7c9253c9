// Renders the app's theme extension on the storefront, as Shopify's themes do: Liquid, settings, translations, assets.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { Liquid, TagToken, type TopLevelToken } from "liquidjs";
import { html, trusted, type Html } from "../html.ts";
import type { Customer } from "./goods.ts";
import type { Shop } from "./shop.ts";
import type { ThemeParts } from "./storefront-page.ts";

type Schema = {
  target?: string;
  stylesheet?: string;
  javascript?: string;
  settings?: { id?: string; default?: unknown }[];
};
const NOTHING: ThemeParts = { block: html``, embed: html`` };

function translations(folder: URL, locale: string): Record<string, unknown> {
  const files = [`locales/${locale}.json`, `locales/${locale}.default.json`, "locales/en.default.json"];
  const found = files.map((name) => new URL(name, folder)).find((file) => existsSync(file));
  return found ? (JSON.parse(readFileSync(found, "utf8")) as Record<string, unknown>) : {};
}

/** `{{ "block.points" | t: count: 3 }}`: looks a text up by its dotted name and fills in its arguments. */
function translated(texts: Record<string, unknown>, key: string, args: [string, unknown][]): string {
  const found = key
    .split(".")
    .reduce<unknown>((node, part) => (node as Record<string, unknown> | undefined)?.[part], texts);
  const values = Object.fromEntries(args.filter((pair) => Array.isArray(pair)));
  const text =
    typeof found === "object" && found !== null
      ? ((found as Record<string, string>)[Number(values["count"]) === 1 ? "one" : "other"] ?? "")
      : typeof found === "string"
        ? found
        : `translation missing: ${key}`;
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name: string) =>
    String((values[name] as string | number | undefined) ?? ""),
  );
}

function engine(folder: URL, texts: Record<string, unknown>): Liquid {
  const liquid = new Liquid({
    root: new URL("snippets/", folder).pathname,
    partials: new URL("snippets/", folder).pathname,
    extname: ".liquid",
    jsTruthy: false,
  });
  liquid.registerFilter("t", (key: string, ...args: [string, unknown][]) => translated(texts, key, args));
  liquid.registerFilter("asset_url", (name: string) => `/extension-assets/${name}`);
  liquid.registerFilter("stylesheet_tag", (url: string) => `<link rel="stylesheet" href="${url}" />`);
  liquid.registerFilter("script_tag", (url: string) => `<script src="${url}" defer></script>`);
  for (const name of ["schema", "stylesheet", "javascript", "doc"])
    liquid.registerTag(name, {
      parse(_token: TagToken, rest: TopLevelToken[]) {
        while (rest.length > 0) {
          const token = rest.shift();
          if (token instanceof TagToken && token.name === `end${name}`) return;
        }
      },
      render: () => undefined,
    });
  return liquid;
}

const schemaOf = (source: string): Schema =>
  JSON.parse(/\{%-?\s*schema\s*-?%\}([\s\S]*?)\{%-?\s*endschema/.exec(source)?.[1] ?? "{}") as Schema;

// Numbers and JSON are values in Liquid; everything else is its text.
const liquidValue = (type: string, value: string): unknown =>
  type === "json" || type.startsWith("number") ? (JSON.parse(value) as unknown) : value;

function customerDrop(shop: Shop, customer: Customer | undefined) {
  if (!customer) return null;
  const owned = [...shop.metafields.values()].filter((metafield) => metafield.ownerId === customer.gid);
  const app = Object.fromEntries(
    owned.map(({ key, value, type }) => [key, { value: liquidValue(type, value) }]),
  );
  return {
    id: customer.id.toString(),
    email: customer.email,
    first_name: customer.firstName,
    last_name: customer.lastName,
    name: `${customer.firstName} ${customer.lastName}`,
    tags: customer.tags,
    metafields: { $app: app, app },
  };
}

/** Renders every block of an extension for one visitor; nothing where the extension is not there. */
export async function renderTheme(
  folder: URL,
  shop: Shop,
  customer: Customer | undefined,
): Promise<ThemeParts> {
  const blocks = new URL("blocks/", folder);
  if (!existsSync(blocks)) return NOTHING;
  const locale = customer?.locale ?? shop.locale;
  const liquid = engine(folder, translations(folder, locale));
  const parts: { block: Html[]; embed: Html[] } = { block: [], embed: [] };
  for (const name of readdirSync(blocks).filter((file) => file.endsWith(".liquid"))) {
    const source = readFileSync(new URL(name, blocks), "utf8");
    const schema = schemaOf(source);
    const settings = Object.fromEntries(
      (schema.settings ?? []).flatMap(({ id, default: value }) => (id ? [[id, value]] : [])),
    );
    const markup = (await liquid.parseAndRender(source, {
      block: { id: name.replace(".liquid", ""), settings, shopify_attributes: `data-block="${name}"` },
      customer: customerDrop(shop, customer),
      shop: { name: shop.name, permanent_domain: shop.domain, currency: shop.currency },
      localization: { language: { iso_code: locale } },
      request: { locale: { iso_code: locale }, design_mode: false },
      routes: { account_login_url: `/store/${shop.handle}`, root_url: "/" },
    })) as string;
    const assets = [
      schema.stylesheet ? `<link rel="stylesheet" href="/extension-assets/${schema.stylesheet}" />` : "",
      schema.javascript ? `<script src="/extension-assets/${schema.javascript}" defer></script>` : "",
    ];
    (schema.target === "section" ? parts.block : parts.embed).push(trusted(assets.join("") + markup));
  }
  return { block: html`${parts.block}`, embed: html`${parts.embed}` };
}
