// Every topic that Laurel takes from Shopify. Each has a route `/webhooks/<topic>` and its place in shopify.app.toml.

export const TOPICS = [
  "orders/paid",
  "orders/updated",
  "orders/cancelled",
  "refunds/create",
  "customers/create",
  "customers/update",
  "customers/delete",
  "customers/merge",
  "app/uninstalled",
  "app/scopes_update",
  "app_subscriptions/update",
  "shop/update",
] as const;

/** Topics that the App Store asks every app to take; subscribed to in shopify.app.toml only. */
export const COMPLIANCE_TOPICS = ["customers/data_request", "customers/redact", "shop/redact"] as const;

export type Topic = (typeof TOPICS)[number] | (typeof COMPLIANCE_TOPICS)[number];
