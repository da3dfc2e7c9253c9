// The admin shell's side of App Bridge, and its panels: orders, plan, webhooks.
export {};

type Line = { id: string; title: string; quantity: number; current: number; net: string };
type OrderRow = {
  id: string;
  name: string;
  customer: string;
  guest: boolean;
  status: string;
  total: string;
  lines: Line[];
};
type State = { handle: string; installed: boolean; plan: string; orders: OrderRow[] };
type Button = { label: string; disabled: boolean; loading: boolean; primary: boolean; critical: boolean };
type Message = {
  standIn?: string;
  path?: string;
  url?: string;
  id?: string;
  message?: string;
  duration?: number;
  isError?: boolean;
  action?: string;
  on?: boolean;
  visible?: boolean;
  confirm?: boolean;
  save?: Button;
  discard?: Button;
  title?: string;
  buttons?: Button[];
  items?: { label: string; path: string }[];
};

const page = JSON.parse(document.getElementById("page")?.textContent ?? "{}") as {
  handle: string;
  app: string;
  appOrigin: string;
};
const one = <Kind extends HTMLElement = HTMLElement>(selector: string): Kind => {
  const found = document.querySelector<Kind>(selector);
  if (!found) throw new Error(`The shell has no ${selector}`);
  return found;
};
const made = (tag: string, className: string, text = ""): HTMLElement => {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
};
const frame = document.querySelector<HTMLIFrameElement>("#app");
const tell = (kind: string, detail: object = {}): void =>
  frame?.contentWindow?.postMessage({ standIn: kind, ...detail }, page.appOrigin);

// --- toast
function showToast({ id = "", message = "", duration = 5000, isError = false, action }: Message): void {
  const toast = made("div", isError ? "toast error" : "toast", message);
  toast.dataset["id"] = id;
  toast.setAttribute("role", isError ? "alert" : "status");
  if (action) {
    const button = made("button", "", action);
    button.addEventListener("click", () => tell("toast-action", { id }));
    toast.append(button);
  }
  const close = made("button", "close", "×");
  close.setAttribute("aria-label", "Dismiss");
  close.addEventListener("click", () => {
    toast.remove();
    tell("toast-dismiss", { id });
  });
  toast.append(close);
  one("#toasts").append(toast);
  setTimeout(() => toast.remove(), duration);
}

// --- save bar
let dirty = false;
const bar = one("#save-bar");
function drawSaveBar({ visible = false, save, discard, confirm = false }: Message): void {
  dirty = visible;
  document.body.classList.toggle("dirty", visible);
  bar.hidden = !visible;
  const [cancel, keep] = [one<HTMLButtonElement>("#discard"), one<HTMLButtonElement>("#save")];
  keep.disabled = save?.disabled ?? false;
  keep.classList.toggle("busy", save?.loading ?? false);
  keep.textContent = save?.label || "Save";
  cancel.disabled = discard?.disabled ?? false;
  cancel.textContent = discard?.label || "Discard";
  cancel.dataset["confirm"] = String(confirm);
}
const shake = (): void => {
  bar.classList.remove("shake");
  void bar.offsetWidth; // restarts the animation
  bar.classList.add("shake");
};
one("#save").addEventListener("click", () => tell("save-bar-click", { button: "save" }));
one("#discard").addEventListener("click", () => {
  if (one("#discard").dataset["confirm"] === "true") one<HTMLDialogElement>("#discard-dialog").showModal();
  else tell("save-bar-click", { button: "discard" });
});
one<HTMLDialogElement>("#discard-dialog").addEventListener("close", (event) => {
  if ((event.target as HTMLDialogElement).returnValue === "discard")
    tell("save-bar-click", { button: "discard" });
});

// --- navigation and title
const root = `/admin/store/${page.handle}/apps/${page.app}`;
const nav = one("#app-nav");
let current = "";
function markCurrent(): void {
  const path = current.split(/[?#]/)[0] ?? "";
  const links = [...nav.querySelectorAll("a")];
  const fits = links.filter(
    (link) => path === link.dataset["path"] || path.startsWith(`${link.dataset["path"] ?? ""}/`),
  );
  const best = fits.sort((a, b) => (b.dataset["path"] ?? "").length - (a.dataset["path"] ?? "").length)[0];
  for (const link of links) link.toggleAttribute("aria-current", link === best);
}
function drawNav(items: { label: string; path: string }[]): void {
  nav.replaceChildren(
    ...items.map(({ label, path }) => {
      const link = made("a", "", label) as HTMLAnchorElement;
      link.href = root + path;
      link.dataset["path"] = path;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        closeMenu();
        tell("navigate", { path });
      });
      return link;
    }),
  );
  markCurrent();
}
function drawTitle({ title, buttons = [] }: Message): void {
  one("#app-title").textContent = title ?? "";
  one("#app-actions").replaceChildren(
    ...buttons.map((button, index) => {
      const drawn = made("button", button.primary ? "primary" : "", button.label) as HTMLButtonElement;
      drawn.disabled = button.disabled;
      drawn.addEventListener("click", () => tell("title-click", { index }));
      return drawn;
    }),
  );
}
// The embedding parameters belong to the frame only.
const HIDDEN = ["embedded", "shop", "host", "id_token", "locale", "session", "timestamp", "hmac"];
function showPath(path: string): void {
  const url = new URL(path, location.origin);
  for (const name of HIDDEN) url.searchParams.delete(name);
  current = url.pathname + url.search + url.hash;
  history.replaceState(null, "", root + (current === "/app" ? "" : current));
  markCurrent();
}
function openAdminPage(address: string): void {
  const path = address
    .replace(/^shopify:\/*admin/, `/admin/store/${page.handle}`)
    .replace("https://admin.shopify.com", "/admin");
  if (path.startsWith("/admin/")) location.assign(path);
  else window.open(address, "_blank", "noopener");
}

addEventListener("message", (event: MessageEvent<Message>) => {
  if (event.origin !== page.appOrigin || event.source !== frame?.contentWindow) return;
  const message = event.data;
  const draw: Record<string, () => void> = {
    toast: () => showToast(message),
    "toast-hide": () => document.querySelector(`[data-id="${CSS.escape(message.id ?? "")}"]`)?.remove(),
    loading: () => document.body.classList.toggle("loading", message.on),
    "save-bar": () => drawSaveBar(message),
    "save-bar-shake": shake,
    navigation: () => drawNav(message.items ?? []),
    title: () => drawTitle(message),
    path: () => showPath(message.path ?? "/app"),
    open: () => openAdminPage(message.url ?? ""),
  };
  draw[message.standIn ?? ""]?.();
});
frame?.addEventListener("load", () => document.body.classList.remove("loading"));
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

// --- the demo's own panel
const api = async (path: string, body?: unknown): Promise<unknown> => {
  const answer = await fetch(`/api/shops/${page.handle}${path}`, {
    method: body === undefined ? "GET" : "POST",
    ...(body === undefined
      ? {}
      : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
  });
  const result = (await answer.json()) as { error?: string };
  if (!answer.ok) throw new Error(result.error ?? `The stand-in answered ${answer.status}`);
  return result;
};
const sent = (result: unknown): string => {
  const { webhooks } = result as { webhooks: { topic: string }[] };
  return webhooks.length === 0
    ? "Nothing sent: the app is not installed"
    : `Sent ${webhooks.map(({ topic }) => topic).join(" and ")}`;
};
const act = async (path: string, body: unknown): Promise<void> => {
  try {
    showToast({ message: sent(await api(path, body)) });
  } catch (error) {
    showToast({ message: (error as Error).message, isError: true });
  }
  await drawOrders();
};

function actionsOf(order: OrderRow): HTMLElement[] {
  const first = order.lines.find((line) => line.current > 0);
  const choices: [string, string, () => [string, unknown]][] = [
    [
      "Refund one",
      "Refund one piece of the first line",
      () => ["refund", { lines: first ? [{ lineId: first.id, quantity: 1 }] : [] }],
    ],
    ["Refund 5.00", "Refund an amount without naming a line", () => ["refund", { amount: 500 }]],
    [
      "Edit",
      "Add one piece to the first line",
      () => ["edit", { lineId: first?.id ?? order.lines[0]?.id, quantity: (first?.current ?? 0) + 1 }],
    ],
    ["Cancel", "Cancel the order and refund what is left", () => ["cancel", {}]],
    ["Send again", "Deliver orders/paid once more", () => ["redeliver", {}]],
  ];
  return choices.map(([label, hint, make]) => {
    const button = made("button", "", label) as HTMLButtonElement;
    button.title = hint;
    button.disabled = order.status === "cancelled" && label !== "Send again";
    button.addEventListener("click", () => {
      const [verb, body] = make();
      void act(`/orders/${order.id}/${verb}`, body);
    });
    return button;
  });
}

async function drawOrders(): Promise<void> {
  const state = (await api("")) as State;
  const list = one("#orders");
  list.replaceChildren(
    ...state.orders.slice(0, 12).map((order) => {
      const row = made("li", "order");
      const head = made("div", "order-head");
      head.append(
        made("strong", "", order.name),
        made("span", `badge ${order.status}`, order.status.replace("_", " ")),
        made("span", "sum", order.total),
      );
      const goods = order.lines.map((line) => `${line.current} × ${line.title}`).join(", ");
      const buttons = made("div", "order-actions");
      buttons.append(...actionsOf(order));
      row.append(
        head,
        made("p", "", `${order.customer}${order.guest ? " (guest)" : ""} · ${goods}`),
        buttons,
      );
      return row;
    }),
  );
  one("#no-orders").hidden = state.orders.length > 0;
}

const form = one<HTMLFormElement>("#place");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const data = new FormData(form);
  const text = (name: string): string => (data.get(name) as string | null) ?? "";
  const guest = text("customer") === "";
  void act("/orders", {
    customer: guest ? null : text("customer"),
    ...(guest ? { email: "guest@example.com" } : {}),
    lines: [{ product: text("product"), quantity: Number(text("quantity")) }],
    currency: text("currency"),
    ...(text("discount") ? { discount: { code: "WELCOME", percent: Number(text("discount")) } } : {}),
    ...(data.has("shipping") ? { shipping: 700 } : {}),
  });
});
one<HTMLSelectElement>("#plan").addEventListener(
  "change",
  (event) => void act("/plan", { plan: (event.target as HTMLSelectElement).value }),
);
for (const button of document.querySelectorAll<HTMLButtonElement>("[data-act]"))
  button.addEventListener(
    "click",
    () => void act(button.dataset["act"] ?? "", JSON.parse(button.dataset["body"] ?? "{}")),
  );

// --- narrow screens: the menu and the demo's panel slide in
const closeMenu = (): void => document.body.classList.remove("menu-open");
one("#menu-button").addEventListener("click", () => document.body.classList.toggle("menu-open"));
one("#panel-button").addEventListener("click", () => document.body.classList.toggle("panel-open"));
one("#panel-close").addEventListener("click", () => document.body.classList.remove("panel-open"));
one("#scrim").addEventListener("click", () => document.body.classList.remove("menu-open", "panel-open"));
void drawOrders();
