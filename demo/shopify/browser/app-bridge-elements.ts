// The part of the stand-in's App Bridge that the app's own document shows: the modal, and the elements kept out of sight.
"use strict";
{
  // The modal is a dialog of the app's own document: it needs the app's styles.
  class ModalElement extends HTMLElement {
    content = document.createElement("div");
    #dialog: HTMLDialogElement | undefined;
    get showing(): boolean {
      return this.#dialog?.open ?? false;
    }
    show(): Promise<void> {
      if (this.showing) return Promise.resolve();
      const dialog = (this.#dialog ??= this.#build());
      dialog.replaceChildren(this.#head(), this.content, this.#foot());
      document.documentElement.append(dialog);
      dialog.showModal();
      this.dispatchEvent(new Event("show"));
      return Promise.resolve();
    }
    hide(): Promise<void> {
      if (!this.showing) return Promise.resolve();
      this.#dialog?.close();
      this.#dialog?.remove();
      this.dispatchEvent(new Event("hide"));
      return Promise.resolve();
    }
    toggle(): Promise<void> {
      return this.showing ? this.hide() : this.show();
    }
    #build(): HTMLDialogElement {
      const dialog = document.createElement("dialog");
      dialog.className = `standin-modal standin-modal-${this.getAttribute("variant") ?? "base"}`;
      dialog.addEventListener("cancel", (event) => {
        event.preventDefault();
        void this.hide();
      });
      return dialog;
    }
    #head(): HTMLElement {
      const head = document.createElement("header");
      const title = document.createElement("h2");
      title.textContent = this.querySelector("ui-title-bar")?.getAttribute("title") ?? document.title;
      const close = document.createElement("button");
      close.textContent = "×";
      close.setAttribute("aria-label", "Close");
      close.addEventListener("click", () => void this.hide());
      head.append(title, close);
      return head;
    }
    #foot(): HTMLElement {
      const foot = document.createElement("footer");
      for (const real of this.querySelectorAll<HTMLElement>("ui-title-bar button")) {
        const button = document.createElement("button");
        button.textContent = real.textContent;
        button.className = real.getAttribute("variant") ?? "";
        button.dataset["tone"] = real.getAttribute("tone") ?? "";
        button.addEventListener("click", () => real.click());
        foot.prepend(button);
      }
      return foot;
    }
    disconnectedCallback(): void {
      void this.hide();
    }
  }

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    ui-nav-menu, s-app-nav, ui-save-bar, ui-title-bar, ui-modal { display: none !important }
    .standin-modal { border: 0; border-radius: 16px; padding: 0; width: min(620px, calc(100vw - 32px)); box-shadow: 0 24px 60px -12px #1a1a1a66; font: 14px/1.5 Inter, system-ui, sans-serif; color: #303030 }
    .standin-modal-small { width: min(380px, calc(100vw - 32px)) } .standin-modal-large { width: min(980px, calc(100vw - 32px)) }
    .standin-modal::backdrop { background: #0008 }
    .standin-modal header { display: flex; align-items: center; justify-content: space-between; padding: 14px 16px; background: #f3f3f3; border-bottom: 1px solid #e3e3e3 }
    .standin-modal h2 { font-size: 14px; font-weight: 650; margin: 0 } .standin-modal header button { border: 0; background: none; font-size: 20px; line-height: 1; cursor: pointer }
    .standin-modal footer { display: flex; gap: 8px; justify-content: flex-end; padding: 14px 16px; border-top: 1px solid #e3e3e3 } .standin-modal footer:empty { display: none }
    .standin-modal footer button { font: 600 13px/1 Inter, system-ui; padding: 9px 14px; border-radius: 8px; border: 1px solid #ccc; background: #fff; cursor: pointer }
    .standin-modal footer button.primary { background: #303030; border-color: #303030; color: #fff } .standin-modal footer button[data-tone="critical"] { background: #c70a24; border-color: #c70a24; color: #fff }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

  if (!customElements.get("ui-modal")) customElements.define("ui-modal", ModalElement);
}
