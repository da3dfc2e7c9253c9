// Loads the page anew inside Shopify admin: with the shop and host in its address, from which a new session begins.

type Known = { readonly shop?: string | undefined; readonly host?: string | undefined };

/** Reloads the page where it is. What was typed is gone afterwards. */
export function reload(): void {
  const { shopify } = window as unknown as { shopify?: { config?: Known } };
  const here = new URL(window.location.href);
  const { shop, host } = shopify?.config ?? {};
  if (shop !== undefined && host !== undefined) {
    for (const [name, value] of Object.entries({ embedded: "1", shop, host })) {
      here.searchParams.set(name, value);
    }
  }
  // The same address would only be scrolled to where it has a fragment.
  if (here.href === window.location.href) window.location.reload();
  else window.location.assign(here.href);
}
