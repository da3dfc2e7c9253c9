// Keeps the receiver's page up to date and sends what its controls say.
type Shown = {
  id: string;
  event: string;
  shop: string;
  answered: number;
  sequence: number | null;
  attempt: number;
  at: string;
  checked: boolean;
  standard: boolean;
  mage: boolean;
  duplicate: boolean;
  headers: Record<string, string>;
  body: string;
};

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`no #${id}`);
  return found;
};
const made = (tag: string, className: string, text = ""): HTMLElement => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
};
const pretty = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
};

const figures = { count: 0, verified: 0, unverified: 0, again: 0 };

function count(one: Shown): void {
  figures.count += 1;
  if (one.duplicate) figures.again += 1;
  if (one.standard && one.mage) figures.verified += 1;
  else if (one.checked) figures.unverified += 1;
  for (const [name, value] of Object.entries(figures)) element(name).textContent = String(value);
  element("unverified").classList.toggle("warn", figures.unverified > 0);
}

const verdict = (name: string, passed: boolean): HTMLElement =>
  made("span", `state ${passed ? "yes" : "no"}`, `${passed ? "✓" : "✗ not"} ${name}`);

const verdicts = (one: Shown): HTMLElement[] =>
  one.checked
    ? [verdict("Standard Webhooks", one.standard), verdict("Mage", one.mage)]
    : [made("span", "state", "no secret known yet")];

function add(one: Shown): void {
  count(one);
  const row = made("details", "hook");
  const line = made("summary", "");
  line.append(
    made("b", "", one.event || "no event"),
    ...verdicts(one),
    ...(one.duplicate ? [made("span", "state again", "again")] : []),
    ...(one.attempt > 1 ? [made("span", "state again", `attempt ${one.attempt}`)] : []),
    ...(one.answered === 200 ? [] : [made("span", "state no", `answered ${one.answered}`)]),
    made("span", "grow", one.sequence === null ? one.shop : `${one.shop} · sequence ${one.sequence}`),
    made("time", "", new Date(one.at).toLocaleTimeString()),
  );
  const headers = made("dl", "");
  for (const [name, value] of Object.entries(one.headers))
    headers.append(made("dt", "", name), made("dd", "", value));
  row.append(line, made("p", "number", one.id), headers, made("pre", "", pretty(one.body)));
  element("rows").prepend(row);
  element("empty").hidden = true;
}

const post = (path: string, body: object) =>
  fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

for (const one of JSON.parse(element("received").textContent ?? "[]") as Shown[]) add(one);
new EventSource("/live").addEventListener("message", (event) =>
  add(JSON.parse(event.data as string) as Shown),
);
element("mode").addEventListener("change", (event) => {
  void post("/mode", { mode: (event.target as HTMLSelectElement).value });
});
element("secret").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  void post("/secrets", { secret: new FormData(form).get("secret") }).then(() => form.reset());
});
