// The receiver's page: what came, newest first, and whether it could be verified.
import { document, embedded, html } from "../html.ts";
import type { Mode, Received } from "./receiver.ts";

const SHOWN_MAX = 200;
const MODE_WORDS: Readonly<Record<Mode, string>> = {
  ok: "Accept (200)",
  failing: "Fail (500)",
  gone: "Gone (410)",
  slow: "Hang (20 s)",
};

/** The page; it keeps itself up to date. */
export function receiverPage(received: readonly Received[], mode: Mode): string {
  const body = html`<main>
      <h1>Receiver</h1>
      <p class="quiet">
        A merchant's system. Each request is verified with the <code>standardwebhooks</code> package and by
        Mage's scheme.
      </p>
    </header>
    <section class="tools">
      <label
        >Answer
        <select id="mode">
          ${Object.entries(MODE_WORDS).map(
            ([value, words]) =>
              html`<option value="${value}" ${value === mode ? html`selected` : ""}>${words}</option>`,
          )}
        </select>
      </label>
      <form id="secret">
        <label
          >Signing secret <input name="secret" placeholder="whsec_…" autocomplete="off" size="28"
        /></label>
        <button>Add</button>
      </form>
      <p><strong id="count">0</strong> received, <strong id="verified">0</strong> verified both ways</p>
    </section>
    <div class="sheet">
      <table>
        <thead>
          <tr>
            <th>When</th>
            <th>Event</th>
            <th>Sequence</th>
            <th>Standard</th>
            <th>Mage</th>
            <th>Attempt</th>
            <th>Id</th>
          </tr>
        </thead>
        <tbody id="rows"></tbody>
      </table>
    </div>
    <p id="empty" class="empty">
      Nothing yet. Create a subscription for this address + <code>/hooks</code>, then place an order.
    </p>
    </main>
    ${embedded("received", received.slice(-SHOWN_MAX))}`;
  return document({
    title: "Receiver",
    styles: ["/assets/plain.css"],
    scripts: ["/assets/receiver.js"],
    body,
  });
}
