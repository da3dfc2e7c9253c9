// Whether a request was signed with a secret, and when: the two schemes that Laurel signs with, side by side.
import { createHmac, timingSafeEqual } from "node:crypto";

/** A request as both schemes see it: header names in lower case, the body's bytes as received. */
export type Signed = { headers: ReadonlyMap<string, string>; body: Uint8Array };

type Scheme = {
  /** The signatures that the request carries; none where it does not use the scheme. */
  given: (headers: Signed["headers"]) => string[];
  /** The signature that it should carry. */
  expected: (request: Signed, secret: string) => string;
  /** When it was sent, in ms since 1970; NaN where that cannot be read. */
  sentAt: (headers: Signed["headers"]) => number;
};

/** The key of Standard Webhooks: the bytes that a secret stands for. Empty where the text is no secret. */
export const keyOf = (secret: string): Buffer => Buffer.from(secret.replace(/^whsec_/, ""), "base64");

const mage: Scheme = {
  given: (headers) =>
    ["x-webhook-signature", "x-webhook-signature-next"].flatMap((name) => headers.get(name) ?? []),
  expected: ({ headers, body }, secret) => {
    const signed = `${headers.get("x-webhook-timestamp") ?? ""}.`;
    return "sha256=" + createHmac("sha256", secret).update(signed).update(body).digest("hex");
  },
  sentAt: (headers) => Date.parse(headers.get("x-webhook-timestamp") ?? ""),
};

const standardWebhooks: Scheme = {
  given: (headers) => headers.get("webhook-signature")?.split(" ") ?? [],
  expected: ({ headers, body }, secret) => {
    const signed = `${headers.get("webhook-id") ?? ""}.${headers.get("webhook-timestamp") ?? ""}.`;
    return "v1," + createHmac("sha256", keyOf(secret)).update(signed).update(body).digest("base64");
  },
  sentAt: (headers) => Number(headers.get("webhook-timestamp") ?? NaN) * 1000,
};

const SCHEMES = [mage, standardWebhooks];

/**
 * When a request was sent (ms since 1970), once for each scheme that it carries; null unless it carries one at least and
 * every one that it carries holds with one of the secrets.
 */
export function signedAt(request: Signed, secrets: readonly string[]): number[] | null {
  const carried = SCHEMES.filter(({ given }) => given(request.headers).length > 0);
  if (carried.length === 0) return null;
  const holds = carried.every(({ given, expected }) =>
    secrets.some((secret) => isAmong(given(request.headers), expected(request, secret))),
  );
  return holds ? carried.map(({ sentAt }) => sentAt(request.headers)) : null;
}

// In a time that tells nothing of how much of a signature is right.
function isAmong(given: readonly string[], expected: string): boolean {
  const wanted = Buffer.from(expected);
  return given.some((one) => {
    const bytes = Buffer.from(one);
    return bytes.length === wanted.length && timingSafeEqual(bytes, wanted);
  });
}
