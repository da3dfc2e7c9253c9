// Where Shopify's webhooks are answered.

/** Every topic has its address below it: /webhooks/orders/paid. */
export const WEBHOOKS_PATH = "/webhooks/";
