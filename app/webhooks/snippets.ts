// How a receiver verifies a request, in the languages that the screen and the documentation show. Tests run each that
// the machine has.

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
  return given.some((one) => one !== undefined && Buffer.byteLength(one) === expected.length && timingSafeEqual(Buffer.from(one), Buffer.from(expected)));
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
        age = datetime.now(timezone.utc) - datetime.fromisoformat(timestamp.replace("Z", "+00:00"))
    except (ValueError, TypeError):
        return False
    if abs(age.total_seconds()) > 300:
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
  {
    language: "go",
    label: "Go",
    code: `package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"
)

// rawBody: the bytes as received, before any parsing. Go 1.19 or newer.
func isFromLaurel(header http.Header, rawBody []byte, secret string) bool {
	timestamp := header.Get("X-Webhook-Timestamp")
	sent, err := time.Parse(time.RFC3339, timestamp)
	if err != nil || time.Since(sent).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(timestamp + "."))
	mac.Write(rawBody)
	expected := []byte("sha256=" + hex.EncodeToString(mac.Sum(nil)))
	// The second is there only while the secret is rotated: it is made with the new one.
	return hmac.Equal(expected, []byte(header.Get("X-Webhook-Signature"))) ||
		hmac.Equal(expected, []byte(header.Get("X-Webhook-Signature-Next")))
}`,
  },
  {
    language: "java",
    label: "Java",
    code: `import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

final class Laurel {
    // headers: lower-case names. rawBody: the bytes as received, before any parsing. Java 17 or newer.
    static boolean isFromLaurel(Map<String, String> headers, byte[] rawBody, String secret)
            throws GeneralSecurityException {
        String timestamp = headers.getOrDefault("x-webhook-timestamp", "");
        try {
            Duration age = Duration.between(Instant.parse(timestamp), Instant.now());
            if (age.abs().compareTo(Duration.ofMinutes(5)) > 0) return false;
        } catch (DateTimeException unreadable) {
            return false;
        }
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256"));
        mac.update((timestamp + ".").getBytes(UTF_8));
        byte[] expected = ("sha256=" + HexFormat.of().formatHex(mac.doFinal(rawBody))).getBytes(UTF_8);
        // The second is there only while the secret is rotated: it is made with the new one.
        return Stream.of("x-webhook-signature", "x-webhook-signature-next")
            .map(name -> headers.getOrDefault(name, "").getBytes(UTF_8))
            .anyMatch(given -> MessageDigest.isEqual(expected, given));
    }
}`,
  },
  {
    language: "csharp",
    label: "C#",
    code: `using System.Globalization;
using System.Security.Cryptography;
using System.Text;

static class Laurel
{
    // headers: lower-case names. rawBody: the bytes as received, before any parsing. .NET 8 or newer.
    public static bool IsFromLaurel(IReadOnlyDictionary<string, string> headers, byte[] rawBody, string secret)
    {
        var timestamp = headers.GetValueOrDefault("x-webhook-timestamp", "");
        if (!DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.None, out var sent)) return false;
        if ((DateTimeOffset.UtcNow - sent).Duration() > TimeSpan.FromMinutes(5)) return false;
        byte[] message = [.. Encoding.UTF8.GetBytes(timestamp + "."), .. rawBody];
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message);
        var expected = Encoding.UTF8.GetBytes("sha256=" + Convert.ToHexString(mac).ToLowerInvariant());
        // The second is there only while the secret is rotated: it is made with the new one.
        string[] names = ["x-webhook-signature", "x-webhook-signature-next"];
        return names.Any(name =>
            CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(headers.GetValueOrDefault(name, ""))));
    }
}`,
  },
];
