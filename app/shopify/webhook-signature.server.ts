// Whether Shopify signed a webhook's body: HMAC-SHA256 over the raw bytes, keyed by the app's client secret.
import { createHmac, timingSafeEqual } from "node:crypto";
import { now } from "../platform/clock.server.ts";
import { env } from "../platform/env.server.ts";

/** For so long Shopify may still sign with the secret that was replaced (shopify.dev, "Rotate client credentials"). */
export const PREVIOUS_SECRET_MS = 60 * 60 * 1000;
/** A rotation that seems to be still to come by less than this is only a clock that is ahead. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/** The client secrets that may have signed now: today's, and the one before it within an hour of its replacement. */
export function clientSecrets(): string[] {
  const { SHOPIFY_API_SECRET: secret, SHOPIFY_API_SECRET_PREVIOUS: previous } = env();
  const rotatedAt = env().SHOPIFY_API_SECRET_ROTATED_AT;
  if (previous === undefined || rotatedAt === undefined) return [secret];
  const age = now().getTime() - new Date(rotatedAt).getTime();
  return age >= -CLOCK_SKEW_MS && age < PREVIOUS_SECRET_MS ? [secret, previous] : [secret];
}

/** Base64 of the body's HMAC, as `X-Shopify-Hmac-Sha256` has it. */
export function signatureOf(body: Uint8Array, secret: string): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

/** Whether `signature` is the body's, in constant time. Only Shopify's own spelling of base64 counts. */
export function isSigned(body: Uint8Array, signature: string): boolean {
  const given = Buffer.from(signature, "utf8");
  return clientSecrets().some((secret) => {
    const right = Buffer.from(signatureOf(body, secret), "utf8");
    return given.length === right.length && timingSafeEqual(given, right);
  });
}
