// HTML of the demo's pages: a template tag that escapes everything that it did not make itself.

/** Markup that needs no escaping any more. */
export type Html = { readonly html: string };
type Part = Html | string | number | bigint | readonly Part[] | null | undefined | false;

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

const shown = (part: Part): string => {
  if (part === null || part === undefined || part === false) return "";
  if (Array.isArray(part)) return part.map(shown).join("");
  if (typeof part === "object") return (part as Html).html;
  return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? "");
};

export const html = (texts: TemplateStringsArray, ...parts: Part[]): Html => ({
  html: texts.reduce((page, text, i) => page + text + shown(parts[i]), ""),
});

/** Markup from elsewhere, taken as it is. */
export const trusted = (text: string): Html => ({ html: text });

/** A value for a script on the page, in `<script type="application/json">`. */
export const embedded = (id: string, value: unknown): Html =>
  trusted(
    `<script type="application/json" id="${id}">${JSON.stringify(value).replaceAll("<", "\\u003c")}</script>`,
  );

export type Page = { title: string; styles: string[]; scripts: string[]; body: Html; locale?: string };

/** A whole document. */
export const document = ({ title, styles, scripts, body, locale = "en" }: Page): string =>
  "<!doctype html>" +
  html`<html lang="${locale}">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <title>${title}</title>
      <link rel="icon" href="data:image/svg+xml,${encodeURIComponent(ICON)}" />
      ${styles.map((href) => html`<link rel="stylesheet" href="${href}" />`)}
      ${scripts.map((src) => html`<script type="module" src="${src}"></script>`)}
    </head>
    <body>
      ${body}
    </body>
  </html>`.html;

const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#1f5f3f"/><path d="M16 25V11m0 8c-5 0-7-3-7-7 5 0 7 3 7 7Zm0-4c0-4 2-7 7-7 0 4-2 7-7 7Z" fill="none" stroke="#dff3e4" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
