// The stand-in's App Bridge: the part of its surface that an embedded app uses, talking to the shell around it.
// A classic script, the first in the document; it must leave the document as the server wrote it until the app has
// taken it over, so it adds no elements of its own before that.
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

  const tell = (kind: string, detail: object = {}): void => {
    if (inShell) window.parent.postMessage({ standIn: kind, ...detail }, standIn);
  };

  // --- id tokens: a minute long, asked for again before they end
  let token: { text: string; until: number } | undefined;
  const idToken = async (): Promise<string> => {
    if (token && token.until > Date.now()) return token.text;
    const answer = await nativeFetch(`${standIn}/id_token?shop=${encodeURIComponent(config.shop)}`);
    if (!answer.ok) throw new Error(`The stand-in gave no id token: ${answer.status}`);
    token = { text: await answer.text(), until: Date.now() + 30_000 };
    return token.text;
  };

  const openTop = (url: string): void => (inShell ? tell("open", { url }) : location.assign(url));

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
    if (leave) openTop(leave);
    return answer;
  };

  // --- what the app shows in the shell: toast, loading, save bar, navigation, title
  let counter = 0;
  const toastActions = new Map<string, { onAction?: () => void; onDismiss?: () => void }>();
  type ToastOptions = {
    duration?: number;
    isError?: boolean;
    action?: string;
    onAction?: () => void;
    onDismiss?: () => void;
  };
  const toast = {
    show(message: string, options: ToastOptions = {}): string {
      const id = `toast-${++counter}`;
      const { onAction, onDismiss, ...shown } = options;
      toastActions.set(id, { ...(onAction ? { onAction } : {}), ...(onDismiss ? { onDismiss } : {}) });
      tell("toast", { id, message, ...shown });
      return id;
    },
    hide: (id: string): void => tell("toast-hide", { id }),
  };

  // The save bar that the shell shows now.
  let bar: SaveBarElement | undefined;
  const take = (next: SaveBarElement | undefined): void => void (bar = next);
  const describe = (button: Element | undefined) =>
    button && {
      label: button.textContent.trim(),
      disabled: button.hasAttribute("disabled"),
      loading: button.hasAttribute("loading") && button.getAttribute("loading") !== "false",
      primary:
        button.getAttribute("variant") === "primary" || button.getAttribute("variant") === "breadcrumb",
      critical: button.getAttribute("tone") === "critical",
    };

  // Custom elements start empty of markup of their own; they watch what the app renders into them.
  class Watched extends HTMLElement {
    #observer = new MutationObserver(() => this.changed());
    connectedCallback(): void {
      this.#observer.observe(this, { childList: true, subtree: true, attributes: true, characterData: true });
      this.changed();
    }
    disconnectedCallback(): void {
      this.#observer.disconnect();
      this.gone();
    }
    changed(): void {}
    gone(): void {}
  }

  class NavElement extends Watched {
    override changed(): void {
      const links = [...this.querySelectorAll("a")];
      const items = links
        .filter((link) => link.getAttribute("rel") !== "home")
        .map((link) => ({ label: link.textContent.trim(), path: link.getAttribute("href") ?? "/" }));
      tell("navigation", {
        items,
        home: links.find((link) => link.rel === "home")?.getAttribute("href") ?? null,
      });
    }
  }

  class SaveBarElement extends Watched {
    showing = false;
    get save(): HTMLElement | undefined {
      return this.querySelector<HTMLElement>('[variant="primary"]') ?? undefined;
    }
    get discard(): HTMLElement | undefined {
      return [...this.querySelectorAll<HTMLElement>("button")].find((button) => button !== this.save);
    }
    show(): Promise<void> {
      if (!this.showing) {
        this.showing = true;
        take(this);
        this.changed();
        this.dispatchEvent(new Event("show"));
      }
      return Promise.resolve();
    }
    hide(): Promise<void> {
      if (this.showing) {
        this.showing = false;
        if (bar === this) take(undefined);
        tell("save-bar", { visible: false });
        this.dispatchEvent(new Event("hide"));
      }
      return Promise.resolve();
    }
    toggle(): Promise<void> {
      return this.showing ? this.hide() : this.show();
    }
    override changed(): void {
      if (!this.showing) return;
      const confirm = this.hasAttribute("discardConfirmation") || this.hasAttribute("discardconfirmation");
      tell("save-bar", {
        visible: true,
        confirm,
        save: describe(this.save),
        discard: describe(this.discard),
      });
    }
    override gone(): void {
      void this.hide();
    }
  }

  class TitleBarElement extends Watched {
    get buttons(): HTMLElement[] {
      return [...this.querySelectorAll<HTMLElement>("button, a")];
    }
    override changed(): void {
      if (this.closest("ui-modal")) return;
      tell("title", { title: this.getAttribute("title") ?? "", buttons: this.buttons.map(describe) });
    }
    override gone(): void {
      tell("title", { title: "", buttons: [] });
    }
  }

  // --- navigation: the app's address is shown in the shell's, and the shell's links lead the app
  const report = (): void => tell("path", { path: location.pathname + location.search + location.hash });
  for (const name of ["pushState", "replaceState"] as const) {
    const original = history[name].bind(history);
    history[name] = (...change: Parameters<History["pushState"]>) => {
      original(...change);
      report();
    };
  }
  addEventListener("popstate", report);

  const navigate = (path: string): void => {
    if (bar) return tell("save-bar-shake");
    const link = document.createElement("a");
    link.href = path;
    link.hidden = true;
    document.body.append(link);
    link.setAttribute("href", path);
    link.dispatchEvent(new Event("shopify:navigate", { bubbles: true }));
    link.remove();
  };

  const ADMIN = /^(https:\/\/admin\.shopify\.com|shopify:\/*admin)/;
  document.addEventListener(
    "click",
    (event) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!(link instanceof HTMLAnchorElement)) return;
      const leads = ADMIN.test(link.href);
      if (bar && (leads || link.origin === location.origin) && !link.target) {
        event.preventDefault();
        event.stopPropagation();
        tell("save-bar-shake");
      } else if (leads) {
        event.preventDefault();
        openTop(link.href);
      }
    },
    true,
  );
  const nativeOpen = window.open.bind(window);
  window.open = (url, target, features) => {
    if (url && (ADMIN.test(String(url)) || (inShell && (target === "_top" || target === "_parent")))) {
      openTop(String(url));
      return null;
    }
    return nativeOpen(url, target, features);
  };

  addEventListener(
    "message",
    (
      event: MessageEvent<{ standIn?: string; path?: string; button?: string; id?: string; index?: number }>,
    ) => {
      if (event.origin !== standIn || event.source !== window.parent) return;
      const { standIn: kind, path, button, id, index } = event.data;
      if (kind === "navigate" && path) navigate(path);
      else if (kind === "save-bar-click") (button === "save" ? bar?.save : bar?.discard)?.click();
      else if (kind === "title-click")
        document.querySelector<TitleBarElement>("ui-title-bar")?.buttons[index ?? 0]?.click();
      else if (kind === "toast-action" && id) toastActions.get(id)?.onAction?.();
      else if (kind === "toast-dismiss" && id) toastActions.get(id)?.onDismiss?.();
    },
  );

  // --- the rest of the global
  const notHere = (what: string) => () =>
    Promise.reject(new Error(`${what} is not part of the stand-in for Shopify.`));
  const find = <Kind extends HTMLElement>(id: string): Kind => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`There is no element with the id ${id}.`);
    return found as Kind;
  };
  type Shown = HTMLElement & { show(): Promise<void>; hide(): Promise<void>; toggle(): Promise<void> };
  const saveBarOf = (id: string) => find<SaveBarElement>(id);
  const scopes = async () => (await (await nativeFetch(`${standIn}/app-scopes`)).json()) as string[];
  const leave = () =>
    bar ? (tell("save-bar-shake"), Promise.reject(new Error("unsaved changes"))) : Promise.resolve();
  Object.assign(window, {
    shopify: {
      config,
      origin: standIn,
      ready: Promise.resolve(),
      environment: { embedded: inShell, mobile: false, pos: false },
      idToken,
      loading: (on = true) => tell("loading", { on }),
      toast,
      saveBar: {
        show: (id: string) => saveBarOf(id).show(),
        hide: (id: string) => saveBarOf(id).hide(),
        toggle: (id: string) => saveBarOf(id).toggle(),
        leaveConfirmation: leave,
      },
      modal: {
        show: (id: string) => find<Shown>(id).show(),
        hide: (id: string) => find<Shown>(id).hide(),
        toggle: (id: string) => find<Shown>(id).toggle(),
      },
      user: () => Promise.resolve({ accountAccess: "shop-owner" }),
      resourcePicker: notHere("The resource picker"),
      picker: notHere("The picker"),
      scanner: { capture: notHere("The scanner") },
      scopes: {
        query: async () => ({ granted: await scopes(), required: await scopes(), optional: [] }),
        request: notHere("Asking for more scopes"),
        revoke: notHere("Giving scopes back"),
      },
      app: {
        extensions: async () =>
          (
            await nativeFetch(`${standIn}/app-extensions?shop=${encodeURIComponent(config.shop)}`)
          ).json() as Promise<unknown>,
      },
    },
  });
  const elements = {
    "ui-nav-menu": NavElement,
    "s-app-nav": class extends NavElement {},
    "ui-save-bar": SaveBarElement,
    "ui-title-bar": TitleBarElement,
  };
  for (const [name, element] of Object.entries(elements))
    if (!customElements.get(name)) customElements.define(name, element);

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
  } else {
    report();
  }
}
