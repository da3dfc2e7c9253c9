// The demo forges what only Shopify may sign. It must never run beside real data.

/** Throws, with what to do, when the environment says production. */
export function refuseInProduction(environment: Readonly<Record<string, string | undefined>>): void {
  if (environment["NODE_ENV"] !== "production") return;
  throw new Error(
    "The demo stands in for Shopify and signs whatever it is asked to: it refuses to run with NODE_ENV=production. " +
      "Start the app itself with `npm start`.",
  );
}
