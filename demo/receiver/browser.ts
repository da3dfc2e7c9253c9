// Keeps the receiver's page up to date and sends what its controls say.
type Shown = {
  id: string;
  event: string;
  sequence: number | null;
  attempt: number;
  at: string;
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
const cell = (text: string): HTMLTableCellElement => {
  const made = document.createElement("td");
  made.textContent = text;
  return made;
};
const pretty = (body: string): string => {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
};

let count = 0;
let verified = 0;

function add(one: Shown): void {
  count += 1;
  if (one.standard && one.mage) verified += 1;
  const row = document.createElement("tr");
  const passed = (is: boolean) => (is ? "✓ verified" : "✗ not verified");
  row.append(
    cell(new Date(one.at).toLocaleTimeString()),
    cell(one.event + (one.duplicate ? " (again)" : "")),
    cell(one.sequence === null ? "" : String(one.sequence)),
    cell(passed(one.standard)),
    cell(passed(one.mage)),
    cell(String(one.attempt)),
    cell(one.id),
  );
  const details = document.createElement("tr");
  details.hidden = true;
  const headers = Object.entries(one.headers).map(([name, value]) => `${name}: ${value}`);
  const text = document.createElement("pre");
  text.textContent = `${headers.join("\n")}\n\n${pretty(one.body)}`;
  const wide = cell("");
  wide.colSpan = 7;
  wide.append(text);
  details.append(wide);
  row.addEventListener("click", () => (details.hidden = !details.hidden));
  element("rows").prepend(row, details);
  element("count").textContent = String(count);
  element("verified").textContent = String(verified);
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
