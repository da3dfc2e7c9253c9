// The storefront: a small shop with a theme of its own, a customer to be, and an order form.
import { document, embedded, html, type Html } from "../html.ts";
import type { Customer } from "./goods.ts";
import { decimal } from "./money.ts";
import { priceIn } from "./orders.ts";
import type { Shop } from "./shop.ts";

export type ThemeParts = { block: Html; embed: Html };

const accounts = (shop: Shop, customer: Customer | undefined): Html => html`
  <form method="post" action="/store/${shop.handle}/login" class="account">
    <label
      >Shopping as
      <select name="customer" onchange="this.form.requestSubmit()">
        <option value="">Guest</option>
        ${[...shop.customers.values()].map(
          (one) =>
            html`<option value="${one.id}" ${one === customer ? "selected" : ""}>
              ${one.firstName} ${one.lastName}
            </option>`,
        )}
      </select></label
    >
    <noscript><button>Change</button></noscript>
  </form>
`;

const goods = (shop: Shop): Html => html`
  <section class="goods">
    ${shop.products.map(
      (product) => html`
        <label class="product">
          <span class="picture" style="--a:${product.colours[0]};--b:${product.colours[1]}"></span>
          <b>${product.title}</b>
          <span class="quiet">${product.vendor}</span>
          <span class="price"
            >${decimal(priceIn(product, shop.currency), shop.currency)} ${shop.currency}</span
          >
          <input
            type="number"
            name="${product.handle}"
            value="0"
            min="0"
            max="20"
            aria-label="Pieces of ${product.title}"
          />
        </label>
      `,
    )}
  </section>
`;

/** The storefront as the chosen customer (or a guest) sees it, with the theme extension's blocks in place. */
export const storefrontPage = (shop: Shop, customer: Customer | undefined, theme: ThemeParts): string =>
  document({
    title: shop.name,
    locale: customer?.locale ?? shop.locale,
    styles: ["/assets/storefront.css"],
    scripts: ["/assets/storefront.js"],
    body: html`
      ${embedded("page", { handle: shop.handle, customer: customer?.id.toString() ?? null })}
      <header>
        <a class="name" href="/store/${shop.handle}">${shop.name}</a>
        ${accounts(shop, customer)}
      </header>
      <main>
        <div class="intro">
          <h1>Things made slowly</h1>
          <p>A demo storefront. Choose a few pieces and order; no money moves.</p>
        </div>
        <div class="theme-block">${theme.block}</div>
        <form id="order">
          ${goods(shop)}
          <div class="checkout">
            <label ${customer ? "hidden" : ""}
              >E-mail for the receipt
              <input type="email" name="email" value="guest@example.com" />
            </label>
            <label>Code <input name="code" placeholder="WELCOME10" autocomplete="off" /></label>
            <label>Tip <input name="tip" type="number" min="0" max="100" value="0" /></label>
            <button>Order and pay</button>
          </div>
          <p id="result" role="status"></p>
        </form>
      </main>
      <footer>Part of Laurel’s demo · <a href="/admin/store/${shop.handle}">Admin</a></footer>
      ${theme.embed}
    `,
  });
