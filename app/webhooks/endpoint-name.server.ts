// Looks up the name of an endpoint that a merchant enters, so that a wrong one is told at the field and not a day later.
import { refuse } from "../loyalty/refusal.ts";
import type { Refused } from "../loyalty/refusal.ts";
import { env } from "../platform/env.server.ts";
import { checkEndpointUrl, isLoopbackSwitched } from "./endpoint-url.ts";
import { createResolver, systemLookUp } from "./resolve.server.ts";
import type { LookUp } from "./resolve.server.ts";

/**
 * Refuses a URL whose name has no address, or any that is not public: one refusal for both (`url_unresolvable`), so that
 * where the name servers know names of the inside, the form tells of none. A URL that is wrong as it stands is left to
 * the form's own check. Every attempt asks again: this is no promise.
 */
export async function refuseName(text: string, lookUp: LookUp = systemLookUp()): Promise<Refused | null> {
  const hosts = env().WEBHOOK_LOOPBACK_HOSTS;
  const checked = checkEndpointUrl(text, hosts);
  if (!checked.ok) return null;
  const url = new URL(checked.value);
  if (isLoopbackSwitched(url, hosts)) return null;
  const resolved = await createResolver(lookUp).resolve(url.hostname);
  return resolved.ok ? null : refuse("url_unresolvable", { field: "url" });
}
