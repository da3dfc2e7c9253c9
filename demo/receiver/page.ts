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

/** The page; it keeps itself up to date. `endpoint` is where webhooks go. */
export function receiverPage(received: readonly Received[], mode: Mode, endpoint: string): string {
  const body = html`<main>
      <h1>Receiver</h1>
      <p class="quiet">
        A merchant's system. Each request is verified twice: with the <code>standardwebhooks</code> package,
        and by Mage's scheme.
      </p>
      <section class="figures" aria-live="polite">
        <div><b id="count">0</b><span>requests received</span></div>
        <div><b id="verified">0</b><span>verified both ways</span></div>
        <div><b id="unverified">0</b><span>not verified</span></div>
        <div><b id="again">0</b><span>came again, same id</span></div>
      </section>
      <section class="bar">
        <label
          >Answer every request with
          <select id="mode">
            ${Object.entries(MODE_WORDS).map(
              ([value, words]) =>
                html`<option value="${value}" ${value === mode ? html`selected` : ""}>${words}</option>`,
            )}
          </select>
        </label>
        <form id="secret" class="bar-form">
          <label
            >Signing secret
            <input name="secret" placeholder="whsec_…" autocomplete="off" required minlength="8"
          /></label>
          <button>Add</button>
        </form>
      </section>
      <div id="rows"></div>
      <p id="empty" class="empty">
        Nothing yet. Create a subscription for <code>${endpoint}</code>, give its secret above, then place an
        order.
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
