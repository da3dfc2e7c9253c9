// The page that lists the webhooks which the stand-in has sent to the app, with every attempt.
import { document, html } from "../html.ts";
import type { SentWebhook } from "./webhook-sender.ts";

const row = (webhook: SentWebhook) => html`
  <details class="hook">
    <summary>
      <b>${webhook.topic}</b>
      <span class="state ${webhook.state.replace(" ", "-")}">${webhook.state}</span>
      ${webhook.duplicate && html`<span class="state again">again</span>`}
      <span class="grow">${webhook.shop}</span>
      <span>${webhook.attempts.length} ${webhook.attempts.length === 1 ? "attempt" : "attempts"}</span>
      <time>${webhook.triggeredAt.slice(11, 19)}</time>
    </summary>
    <ul>
      ${webhook.attempts.map(
        (attempt) =>
          html`<li>${attempt.at.slice(11, 23)} · ${attempt.status ?? attempt.error} · ${attempt.ms} ms</li>`,
      )}
    </ul>
    <p class="quiet">Webhook id ${webhook.webhookId} · event id ${webhook.eventId} · ${webhook.uri}</p>
    <pre>${webhook.body}</pre>
  </details>
`;

export const webhooksPage = (log: readonly SentWebhook[]): string =>
  document({
    title: "Webhooks sent to the app",
    styles: ["/assets/plain.css"],
    scripts: [],
    body: html`
      <main>
        <h1>Webhooks sent to the app</h1>
        <p class="quiet">As Shopify sends them: signed, at least once, in no promised order. Newest first.</p>
        ${log.length === 0 ? html`<p class="empty">None yet. Open the admin, then place an order.</p>` : log.slice(0, 200).map(row)}
      </main>
    `,
  });
