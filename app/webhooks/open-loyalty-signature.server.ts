// Open Loyalty's five signature headers, for receivers that were written for it.
import { createHash, createHmac } from "node:crypto";
import { uuidOf } from "./formats/uuid.ts";
import type { SigningKey, SigningKeys } from "./signature.server.ts";

/** Its number of a key's generation. Ours overlap, and `-Next` tells of the new one, so there is nothing to count. */
const KEY_VERSION = "1";

type Message = { id: string; url: URL; body: Uint8Array; at: Date };

/**
 * Two of the five have names that Mage's scheme uses as well; in this format they carry Open Loyalty's values, and
 * Standard Webhooks' headers stay for everybody else (docs/decisions/0014). `at`: of this attempt, in whole seconds.
 * The request id is the event's, so it is the same on every attempt.
 */
export function openLoyaltyHeaders(
  keys: SigningKeys,
  { id, url, body, at }: Message,
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const requestId = uuidOf(id);
  const digest = createHash("sha256").update(body).digest("hex");
  const { host, pathname } = url;
  const lines = ["POST", counted(host), counted(pathname), digest, timestamp, requestId].join("\n");
  const sign = ({ bare }: SigningKey) => createHmac("sha256", bare).update(lines).digest("hex");
  return {
    "X-Webhook-Signature": sign(keys.current),
    "X-Webhook-Signature-Algorithm": "hmac-sha256",
    "X-Webhook-Signature-Version": KEY_VERSION,
    "X-Webhook-Timestamp": timestamp,
    "X-Webhook-Request-Id": requestId,
    ...(keys.next === null ? {} : { "X-Webhook-Signature-Next": sign(keys.next) }),
  };
}

const counted = (text: string) => `${text.length}:${text}`;
