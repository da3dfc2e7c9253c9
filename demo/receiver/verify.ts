// Verifies a request as an integrator would: with the standardwebhooks package, and by the scheme of its format.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { Webhook } from "standardwebhooks";

const FRESH_MS = 5 * 60_000;
/** Where the receiver takes webhooks. */
export const PATH = "/hooks";

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

/** The scheme in hex: Open Loyalty's where its header says so, Mage's everywhere else. */
export function passesHex(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const isOpenLoyalty = headers["x-webhook-signature-algorithm"] === "hmac-sha256";
  return isOpenLoyalty ? passesOpenLoyalty(headers, body, secret) : passesMage(headers, body, secret);
}

/** Mage's: `sha256=` + hex of HMAC-SHA256 over timestamp, dot and body, keyed by the secret as text. */
function passesMage(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const timestamp = textOf(headers["x-webhook-timestamp"]);
  if (!(Math.abs(Date.now() - Date.parse(timestamp)) < FRESH_MS)) return false;
  const mac = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex");
  return isSame(`sha256=${mac}`, textOf(headers["x-webhook-signature"]));
}

/** Open Loyalty's: hex of HMAC-SHA256 over six lines, keyed by the secret without its prefix. */
function passesOpenLoyalty(headers: IncomingHttpHeaders, body: Buffer, secret: string): boolean {
  const [host, timestamp] = [textOf(headers.host), textOf(headers["x-webhook-timestamp"])];
  if (!(Math.abs(Date.now() - Number(timestamp) * 1000) < FRESH_MS)) return false;
  const digest = createHash("sha256").update(body).digest("hex");
  const requestId = textOf(headers["x-webhook-request-id"]);
  const lines = ["POST", `${host.length}:${host}`, `${PATH.length}:${PATH}`, digest, timestamp, requestId];
  const mac = createHmac("sha256", secret.replace(/^whsec_/, ""))
    .update(lines.join("\n"))
    .digest("hex");
  return isSame(mac, textOf(headers["x-webhook-signature"]));
}

function isSame(expected: string, given: string): boolean {
  return expected.length === given.length && timingSafeEqual(Buffer.from(expected), Buffer.from(given));
}
