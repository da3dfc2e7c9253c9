// The stand-in's App Bridge, first part: which shop the app is open for, the id tokens of its requests, and all of the
// global that needs no shell. A classic script, the first in the document; it must leave the document as the server wrote
// it until the app has taken it over, so it adds no elements of its own before that.
"use strict";
{
  const script = document.currentScript as HTMLScriptElement;
  const standIn = new URL(script.src).origin;
  const nativeFetch = window.fetch.bind(window);
  const inShell = window.parent !== window;
  const STORE = "standin-app-bridge";

  type Config = { apiKey: string; shop: string; host: string; locale: string };
  const here = new URLSearchParams(location.search);
  const kept = (() => {
    try {
      return JSON.parse(sessionStorage.getItem(STORE) ?? "{}") as Partial<Config>;
    } catch {
      return {};
    }
  })();
  const config: Config = {
    apiKey: script.dataset["apiKey"] ?? kept.apiKey ?? "",
    shop: here.get("shop") ?? kept.shop ?? "",
    host: here.get("host") ?? kept.host ?? "",
    locale: here.get("locale") ?? kept.locale ?? "en",
  };
  try {
    sessionStorage.setItem(STORE, JSON.stringify(config));
  } catch {
    // A browser that keeps nothing for frames: the address carries all that is needed.
  }

  // --- id tokens: a minute long, asked for again before they end
  let token: { text: string; until: number } | undefined;
  const idToken = async (): Promise<string> => {
    if (token && token.until > Date.now()) return token.text;
    const answer = await nativeFetch(`${standIn}/id_token?shop=${encodeURIComponent(config.shop)}`);
    if (!answer.ok) throw new Error(`The stand-in gave no id token: ${answer.status}`);
    token = { text: await answer.text(), until: Date.now() + 30_000 };
    return token.text;
  };

  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    if (new URL(request.url).origin !== location.origin || request.headers.has("Authorization"))
      return nativeFetch(request);
    const send = async (): Promise<Response> => {
      const copy = request.clone();
      copy.headers.set("Authorization", `Bearer ${await idToken()}`);
      copy.headers.set("X-Requested-With", "XMLHttpRequest");
      return nativeFetch(copy);
    };
    let answer = await send();
    if (answer.status === 401 && answer.headers.has("X-Shopify-Retry-Invalid-Session-Request")) {
      token = undefined;
      answer = await send();
    }
    const leave = answer.headers.get("X-Shopify-API-Request-Failure-Reauthorize-Url");
    if (leave) open(leave, "_top");
    return answer;
  };

  // --- the global; what needs the shell is added by app-bridge-frame.ts
  const notHere = (what: string) => () =>
    Promise.reject(new Error(`${what} is not part of the stand-in for Shopify.`));
  const ask = async (path: string) => (await nativeFetch(standIn + path)).json() as Promise<unknown>;
  const scopes = () => ask("/app-scopes") as Promise<string[]>;
  Object.assign(window, {
    shopify: {
      config,
      origin: standIn,
      ready: Promise.resolve(),
      environment: { embedded: inShell, mobile: false, pos: false },
      idToken,
      user: () => Promise.resolve({ accountAccess: "shop-owner" }),
      resourcePicker: notHere("The resource picker"),
      picker: notHere("The picker"),
      scanner: { capture: notHere("The scanner") },
      scopes: {
        query: async () => ({ granted: await scopes(), required: await scopes(), optional: [] }),
        request: notHere("Asking for more scopes"),
        revoke: notHere("Giving scopes back"),
      },
      app: { extensions: () => ask(`/app-extensions?shop=${encodeURIComponent(config.shop)}`) },
    },
  });

  // The bounce page: it was opened without an id token, and asks for itself again with one.
  const reload = here.get("shopify-reload");
  if (reload) {
    void idToken().then((text) => {
      const url = new URL(reload);
      if (url.origin !== location.origin) return;
      url.searchParams.set("id_token", text);
      location.replace(url);
    });
  } else if (!inShell && config.shop && here.get("embedded") !== "1") {
    location.replace(
      `${standIn}/admin/store/${config.shop.replace(".myshopify.com", "")}/apps/laurel${location.pathname}`,
    );
  }
}
