// How a receiver verifies a request, in the languages that the screen and the documentation show. Tests run each.

export type Snippet = { readonly language: string; readonly label: string; readonly code: string };

/** `secret` as shown once (`whsec_…`); each function answers whether the request is genuine and fresh. */
export const SNIPPETS: readonly Snippet[] = [
  {
    language: "node",
    label: "Node",
    code: `// npm install standardwebhooks — or, without a package:
import { createHmac, timingSafeEqual } from "node:crypto";

// headers: lower-case names. rawBody: the bytes as received, before any parsing.
export function isFromLaurel(headers, rawBody, secret) {
  const timestamp = headers["x-webhook-timestamp"] ?? "";
  if (!(Math.abs(Date.now() - Date.parse(timestamp)) < 5 * 60_000)) return false;
  const expected = "sha256=" + createHmac("sha256", secret).update(timestamp + ".").update(rawBody).digest("hex");
  // The second is there only while the secret is rotated: it is made with the new one.
  const given = [headers["x-webhook-signature"], headers["x-webhook-signature-next"]];
  return given.some((one) => one?.length === expected.length && timingSafeEqual(Buffer.from(one), Buffer.from(expected)));
}`,
  },
  {
    language: "python",
    label: "Python",
    code: `import hashlib, hmac
from datetime import datetime, timezone

# headers: lower-case names. raw_body: bytes as received, before any parsing.
def is_from_laurel(headers, raw_body, secret):
    timestamp = headers.get("x-webhook-timestamp", "")
    try:
        sent = datetime.fromisoformat(timestamp.replace("Z", "+00:00"))
    except ValueError:
        return False
    if abs((datetime.now(timezone.utc) - sent).total_seconds()) > 300:
        return False
    message = timestamp.encode() + b"." + raw_body
    expected = "sha256=" + hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    # The second is there only while the secret is rotated: it is made with the new one.
    given = (headers.get("x-webhook-signature", ""), headers.get("x-webhook-signature-next", ""))
    return any(hmac.compare_digest(expected.encode(), one.encode()) for one in given)`,
  },
  {
    language: "ruby",
    label: "Ruby",
    code: `require "openssl"
require "time"

# headers: lower-case names. raw_body: as received, before any parsing.
def from_laurel?(headers, raw_body, secret)
  timestamp = headers["x-webhook-timestamp"].to_s
  sent = Time.iso8601(timestamp) rescue (return false)
  return false if (Time.now - sent).abs > 300
  expected = "sha256=" + OpenSSL::HMAC.hexdigest("SHA256", secret, "#{timestamp}.#{raw_body}")
  # The second is there only while the secret is rotated: it is made with the new one.
  [headers["x-webhook-signature"], headers["x-webhook-signature-next"]].compact.any? do |given|
    given.bytesize == expected.bytesize && OpenSSL.fixed_length_secure_compare(expected, given)
  end
end`,
  },
  {
    language: "php",
    label: "PHP",
    code: `<?php
// $headers: lower-case names. $rawBody: file_get_contents("php://input"), before any parsing.
function is_from_laurel(array $headers, string $rawBody, string $secret): bool {
    $timestamp = $headers["x-webhook-timestamp"] ?? "";
    $sent = strtotime($timestamp);
    if ($sent === false || abs(time() - $sent) > 300) return false;
    $expected = "sha256=" . hash_hmac("sha256", $timestamp . "." . $rawBody, $secret);
    // The second is there only while the secret is rotated: it is made with the new one.
    return hash_equals($expected, $headers["x-webhook-signature"] ?? "")
        || hash_equals($expected, $headers["x-webhook-signature-next"] ?? "");
}`,
  },
];
