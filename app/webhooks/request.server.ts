// One attempt's body and headers, in the delivery's format: for sending it, testing it and showing it again.
import { sayIn } from "./formats/formats.ts";
import { openLoyaltyHeaders } from "./open-loyalty-signature.server.ts";
import { signedHeaders } from "./signature.server.ts";
import type { SigningKeys } from "./signature.server.ts";

/** `stored`: the event's envelope as text. `attempt` counts from 1; `at` is the time of this attempt. */
export type Attempted = {
  format: string;
  url: URL;
  id: string;
  type: string;
  attempt: number;
  stored: string;
  at: Date;
};

/**
 * The exact body and the headers; `standing` are those of every request of the subscription. Null where the format has
 * no such event type, which a subscription cannot ask for.
 */
export function makeRequest(
  keys: SigningKeys,
  standing: Readonly<Record<string, string>>,
  { format, url, stored, ...message }: Attempted,
): { headers: Record<string, string>; body: Buffer } | null {
  const said = sayIn(format, message.type, stored);
  if (said === null) return null;
  const body = Buffer.from(said.body, "utf8");
  const signed = signedHeaders(keys, { ...message, body });
  if (format === "laurel") return { headers: { ...standing, ...signed }, body };
  const others = format === "open-loyalty" ? openLoyaltyHeaders(keys, { ...message, url, body }) : {};
  return { headers: { ...standing, ...said.headers, ...signed, ...others }, body };
}
