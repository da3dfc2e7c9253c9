// The admin shell: a page in the manner of Shopify admin with the app in a frame, and the demo's own panel beside it.
import { document, embedded, html, type Html } from "../html.ts";
import { PLAN_NAMES, PLANS } from "./plans.ts";
import type { Shop } from "./shop.ts";
import { CURRENCIES } from "./money.ts";

export type ShellLinks = {
  appHandle: string;
  appName: string;
  appUrl: string;
  receiverUrl: string | undefined;
};

const ICONS: Readonly<Record<string, string>> = {
  home: "M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-4v-4H8v4H4a1 1 0 0 1-1-1z",
  orders: "M4 6h12l-1 10H5zM7 6a3 3 0 0 1 6 0",
  customers: "M10 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6Zm-6 7c0-3 2.7-5 6-5s6 2 6 5",
  products: "M4 4h6l7 7-6 6-7-7zM7.5 7.5h.01",
  leaf: "M10 17V8m0 6c-3.5 0-5-2-5-5 3.5 0 5 2 5 5Zm0-3c0-3 1.500-5 5-5 0 3-1.500 5-5 5Z",
};
const icon = (name: string): Html => ({
  html: `<svg viewBox="0 0 20 20" aria-hidden="true"><path d="${ICONS[name] ?? ""}"/></svg>`,
});

const field = (label: string, control: Html): Html => html`<label><span>${label}</span>${control}</label>`;

const placeForm = (shop: Shop): Html => html`
  <form id="place" class="card">
    <h2>Place an order</h2>
    ${field(
      "Customer",
      html`<select name="customer">
        ${[...shop.customers.values()].map(
          (customer) =>
            html`<option value="${customer.id}">${customer.firstName} ${customer.lastName}</option>`,
        )}
        <option value="">Guest</option>
      </select>`,
    )}
    <div class="pair">
      ${field(
        "Product",
        html`<select name="product">
          ${shop.products.map((product) => html`<option value="${product.handle}">${product.title}</option>`)}
        </select>`,
      )}
      ${field("Pieces", html`<input name="quantity" type="number" value="1" min="1" max="99" />`)}
    </div>
    <div class="pair">
      ${field(
        "Discount",
        html`<select name="discount">
          <option value="">None</option>
          <option value="10">10 %</option>
          <option value="25">25 %</option>
        </select>`,
      )}
      ${field(
        "Pays in",
        html`<select name="currency">
          ${[shop.currency, ...CURRENCIES.filter((code) => code !== shop.currency)].map(
            (code) => html`<option>${code}</option>`,
          )}
        </select>`,
      )}
    </div>
    <label class="check"><input type="checkbox" name="shipping" checked /> Shipping 7.00</label>
    <button class="primary">Place the order</button>
  </form>
`;

const PRIVACY = [
  { label: "Ask for a customer’s data", path: "/compliance", body: { topic: "customers/data_request" } },
  { label: "Redact a customer", path: "/compliance", body: { topic: "customers/redact" } },
  { label: "Redact the shop", path: "/compliance", body: { topic: "shop/redact" } },
  { label: "Uninstall the app", path: "/uninstall", body: {} },
];

const panel = (shop: Shop, links: ShellLinks): Html => html`
  <aside id="panel" aria-label="Demo">
    <div class="panel-head">
      <h1>Demo controls</h1>
      <button id="panel-close" aria-label="Close">×</button>
    </div>
    ${placeForm(shop)}
    <section class="card">
      <h2>Recent orders</h2>
      <p id="no-orders" class="quiet">No orders yet. Place the first one above.</p>
      <ul id="orders"></ul>
    </section>
    <section class="card">
      <h2>Plan</h2>
      <select id="plan" aria-label="Plan of the app">
        ${PLAN_NAMES.map(
          (name) =>
            html`<option value="${name}" ${name === shop.plan ? "selected" : ""}>
              ${PLANS[name].label} – ${PLANS[name].hint}
            </option>`,
        )}
      </select>
    </section>
    <section class="card">
      <h2>Open</h2>
      <nav class="links">
        <a href="/store/${shop.handle}" target="_blank">Storefront</a>
        ${links.receiverUrl && html`<a href="${links.receiverUrl}" target="_blank">Receiver</a>`}
        <a href="/webhooks" target="_blank">Webhooks sent to the app</a>
      </nav>
    </section>
    <details class="card">
      <summary>Privacy and uninstalling</summary>
      <div class="stack">
        ${PRIVACY.map(
          ({ label, path, body }) =>
            html`<button type="button" data-act="${path}" data-body="${JSON.stringify(body)}">
              ${label}
            </button>`,
        )}
      </div>
    </details>
  </aside>
`;

const sideNav = (shop: Shop, links: ShellLinks): Html => html`
  <nav id="menu" aria-label="Admin">
    ${["Home", "Orders", "Products", "Customers"].map(
      (name) => html`<span class="item dim">${icon(name.toLowerCase())}${name}</span>`,
    )}
    <h2>Apps</h2>
    <a class="item app" href="/admin/store/${shop.handle}/apps/${links.appHandle}"
      ><span class="app-icon">${icon("leaf")}</span>${links.appName}</a
    >
    <div id="app-nav"></div>
    <p class="quiet">A stand-in for Shopify admin. Nothing here leaves this computer.</p>
  </nav>
`;

const saveBar = html`
  <div id="save-bar" role="region" aria-label="Unsaved changes" hidden>
    <span>Unsaved changes</span><button id="discard">Discard</button
    ><button id="save" class="primary">Save</button>
  </div>
`;

const topBar = (shop: Shop): Html => html`
  <header id="top">
    <button id="menu-button" aria-label="Menu">☰</button>
    <span class="brand">${icon("leaf")}<b>demo admin</b></span>
    ${saveBar}
    <span class="shop"><span class="avatar">${shop.name.slice(0, 1)}</span><span>${shop.name}</span></span>
    <button id="panel-button">Demo</button>
  </header>
`;

const shell = (shop: Shop, links: ShellLinks, title: string, main: Html): string =>
  document({
    title,
    styles: ["/assets/shell.css"],
    scripts: ["/assets/shell.js"],
    body: html`
      ${embedded("page", { handle: shop.handle, app: links.appHandle, appOrigin: new URL(links.appUrl).origin })}
      ${topBar(shop)} ${sideNav(shop, links)}
      <main>${main}</main>
      ${panel(shop, links)}
      <div id="scrim"></div>
      <div id="toasts"></div>
      <dialog id="discard-dialog">
        <form method="dialog">
          <h2>Discard all unsaved changes?</h2>
          <p>Everything that was changed since the last save goes back to what it was.</p>
          <button value="stay">Keep editing</button
          ><button value="discard" class="critical">Discard changes</button>
        </form>
      </dialog>
    `,
  });

/** The shell with the app in its frame. `frameUrl` opens the app as Shopify does. */
export const shellPage = (shop: Shop, links: ShellLinks, frameUrl: string): string =>
  shell(
    shop,
    links,
    `${links.appName} · ${shop.name}`,
    html`
      <div id="app-bar">
        <span class="app-icon">${icon("leaf")}</span><b>${links.appName}</b><span id="app-title"></span>
        <span id="app-actions"></span>
      </div>
      <iframe
        id="app"
        name="app-iframe"
        allow="clipboard-write"
        title="${links.appName}"
        src="${frameUrl}"
      ></iframe>
    `,
  );

/** The page on which a merchant picks a plan: Shopify's, in the real admin. */
export const plansPage = (shop: Shop, links: ShellLinks): string =>
  shell(
    shop,
    links,
    `Plans · ${links.appName}`,
    html`
      <div id="app-bar">
        <span class="app-icon">${icon("leaf")}</span><b>${links.appName}</b><span id="app-title"></span
        ><span id="app-actions"></span>
      </div>
      <div class="plans">
        <h1>Pick a plan</h1>
        <div class="plan-grid">
          ${(["free", "starter", "growth", "plus"] as const).map(
            (name) => html`
              <form method="post" class="card ${name === shop.plan ? "current" : ""}">
                <h2>${PLANS[name].label}</h2>
                <p class="price">${PLANS[name].price === 0 ? "Free" : `$${PLANS[name].price} a month`}</p>
                <p class="quiet">${PLANS[name].hint}</p>
                <input type="hidden" name="plan" value="${name}" />
                <button class="primary" ${name === shop.plan ? "disabled" : ""}>
                  ${name === shop.plan ? "Current plan" : "Choose"}
                </button>
              </form>
            `,
          )}
        </div>
      </div>
    `,
  );
