// What is said where a request was refused because the session is over; nothing that was typed is lost until one reloads.
import { Banner } from "@shopify/polaris";

export function SessionOver() {
  return (
    <Banner
      tone="warning"
      title="Your session is over"
      action={{ content: "Reload the page", onAction: () => window.location.reload() }}
    >
      <p>Nothing was changed. Copy what you typed, then reload.</p>
    </Banner>
  );
}
