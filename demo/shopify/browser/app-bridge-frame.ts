// The stand-in's App Bridge, last part: what the app shows in the shell around its frame, and how the shell leads the app.
"use strict";
{
  const standIn = shopify.origin;
  const inShell = shopify.environment.embedded;
  const tell = (kind: string, detail: object = {}): void => {
    if (inShell) window.parent.postMessage({ standIn: kind, ...detail }, standIn);
  };
  const openTop = (url: string): void => (inShell ? tell("open", { url }) : location.assign(url));

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

  // --- what this adds to the global
  type Shown = HTMLElement & { show(): Promise<void>; hide(): Promise<void>; toggle(): Promise<void> };
  const find = (id: string): Shown => {
    const found = document.getElementById(id);
    if (!found) throw new Error(`There is no element with the id ${id}.`);
    return found as Shown;
  };
  const shownById = {
    show: (id: string) => find(id).show(),
    hide: (id: string) => find(id).hide(),
    toggle: (id: string) => find(id).toggle(),
  };
  const leaveConfirmation = () =>
    bar ? (tell("save-bar-shake"), Promise.reject(new Error("unsaved changes"))) : Promise.resolve();
  Object.assign(shopify, {
    loading: (on = true) => tell("loading", { on }),
    toast,
    saveBar: { ...shownById, leaveConfirmation },
    modal: shownById,
  });
  const elements = {
    "ui-nav-menu": NavElement,
    "s-app-nav": class extends NavElement {},
    "ui-save-bar": SaveBarElement,
    "ui-title-bar": TitleBarElement,
  };
  for (const [name, element] of Object.entries(elements))
    if (!customElements.get(name)) customElements.define(name, element);

  // The bounce page is not one of the app's.
  if (!new URLSearchParams(location.search).has("shopify-reload")) report();
}
