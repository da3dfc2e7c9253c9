// Requests as Laurel sends them, made without sending: what the receiver's tests start from.
import { signedHeaders, signingKey } from "../../app/webhooks/signature.server.ts";

export type Sent<Body = string> = { headers: Record<string, string>; body: Body };
type Options = { at?: Date; next?: string | null };

/** A request with this body, signed now or `at`, also with `next` while a secret is rotated. */
export function signed(body: string | object, secret: string, options: Options = {}): Sent {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return { headers: signedBytes(Buffer.from(text), secret, options).headers, body: text };
}

/** The same, for bytes that need not be text. */
export function signedBytes(
  body: Uint8Array,
  secret: string,
  { at = new Date(), next = null }: Options = {},
): Sent<Uint8Array> {
  const keys = { current: signingKey(secret), next: next === null ? null : signingKey(next) };
  return { headers: signedHeaders(keys, { id: "evt_1", type: "test", attempt: 1, body, at }), body };
}

/** The same with only the headers whose lower-case names are asked for. */
export function onlyWith({ headers, body }: Sent, names: readonly string[]): Sent {
  const kept = Object.entries(headers).filter(([name]) => names.includes(name.toLowerCase()));
  return { headers: Object.fromEntries(kept), body };
}

export const MAGE_HEADERS = ["x-webhook-timestamp", "x-webhook-signature", "x-webhook-signature-next"];
export const STANDARD_HEADERS = ["webhook-id", "webhook-timestamp", "webhook-signature"];
