// Signs a request in two schemes with one secret: Mage's (hex over the ISO timestamp) and Standard Webhooks 1.0.
import { createHmac, createSecretKey, randomBytes } from "node:crypto";
import type { KeyObject } from "node:crypto";

const PREFIX = "whsec_";
const SECRET_BYTES = 32;

/** A secret made ready: its text for Mage's scheme, its bytes for Standard Webhooks, `bare` text for Open Loyalty's. */
export type SigningKey = { text: KeyObject; bytes: KeyObject; bare: KeyObject };

/** The secrets that sign now: `next` only while a rotation overlaps. */
export type SigningKeys = { current: SigningKey; next: SigningKey | null };

/** A new secret: `whsec_` and the base64 of 32 random bytes. */
export function newSecret(): string {
  return PREFIX + randomBytes(SECRET_BYTES).toString("base64");
}

/**
 * Makes a secret ready. Mage's scheme takes the whole text as UTF-8, Standard Webhooks the decoded bytes, Open Loyalty's
 * the text without its prefix.
 */
export function signingKey(secret: string): SigningKey {
  const encoded = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  return {
    text: createSecretKey(Buffer.from(secret, "utf8")),
    bytes: createSecretKey(Buffer.from(encoded, "base64")),
    bare: createSecretKey(Buffer.from(encoded, "utf8")),
  };
}

/** Mage's scheme: `sha256=` and the hex HMAC of `timestamp.body` (ISO timestamp as in the header, body as sent). */
export function mageSignature(key: SigningKey, timestamp: string, body: Uint8Array): string {
  return "sha256=" + createHmac("sha256", key.text).update(`${timestamp}.`).update(body).digest("hex");
}

/** Standard Webhooks 1.0: `v1,` and the base64 HMAC of `id.seconds.body`. */
export function standardSignature(key: SigningKey, id: string, seconds: number, body: Uint8Array): string {
  return "v1," + createHmac("sha256", key.bytes).update(`${id}.${seconds}.`).update(body).digest("base64");
}

/**
 * The headers that differ from request to request.
 * `at` is the time of this attempt: the timestamp is fresh on every attempt, the id never changes.
 */
export function signedHeaders(
  keys: SigningKeys,
  message: { id: string; type: string; attempt: number; body: Uint8Array; at: Date },
): Record<string, string> {
  const { id, body } = message;
  const timestamp = message.at.toISOString();
  const seconds = Math.floor(message.at.getTime() / 1000);
  const headers: Record<string, string> = {
    "X-Webhook-Event": message.type,
    "X-Webhook-Timestamp": timestamp,
    "X-Webhook-Signature": mageSignature(keys.current, timestamp, body),
    "X-Webhook-Id": id,
    "X-Webhook-Attempt": String(message.attempt),
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": standardSignature(keys.current, id, seconds, body),
  };
  if (keys.next !== null) {
    headers["X-Webhook-Signature-Next"] = mageSignature(keys.next, timestamp, body);
    headers["webhook-signature"] += " " + standardSignature(keys.next, id, seconds, body);
  }
  return headers;
}
