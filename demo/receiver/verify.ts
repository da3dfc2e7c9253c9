// Verifies a request as an integrator would: with the standardwebhooks package, and by Mage's scheme.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";

const FRESH_MS = 5 * 60_000;

const textOf = (value: string | string[] | undefined): string => (typeof value === "string" ? value : "");

/** Standard Webhooks: id, seconds and body, by the package that receivers use. */
export function passesStandard(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const names = ["webhook-id", "webhook-timestamp", "webhook-signature"];
  try {
    new Webhook(secret).verify(body, Object.fromEntries(names.map((name) => [name, textOf(headers[name])])));
    return true;
  } catch {
    return false;
  }
}

/** Mage's scheme: `sha256=` + hex of HMAC-SHA256 over timestamp, dot and body, keyed by the secret as text. */
export function passesMage(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const timestamp = textOf(headers["x-webhook-timestamp"]);
  if (!(Math.abs(Date.now() - Date.parse(timestamp)) < FRESH_MS)) return false;
  const mac = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  const [expected, given] = [
    Buffer.from(`sha256=${mac}`),
    Buffer.from(textOf(headers["x-webhook-signature"])),
  ];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
