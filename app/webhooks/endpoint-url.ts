// Which URLs a merchant may enter: webhooks.md, "Safety". Runs in the form and again on the server.
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { addressBytes, isPublicAddress } from "./public-address.ts";

const MAX_LENGTH = 2048;
const PORTS = ["", "443", "8443"];
const CLOSED_DOMAINS = ["localhost", "local", "internal", "home.arpa", "onion"];

/**
 * Checks an endpoint's URL and returns it normalised, without its fragment.
 * `loopbackHosts` is the development switch: those hosts may be loopback, plain http and any port.
 */
export function checkEndpointUrl(text: string, loopbackHosts: readonly string[] = []): Result<string> {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return refuse("url_too_long", { field: "url" });
  if (!URL.canParse(trimmed)) return refuse("url_malformed", { field: "url" });
  const url = new URL(trimmed);
  url.hash = "";
  if (url.username !== "" || url.password !== "") return refuse("url_has_credentials", { field: "url" });
  if (isLoopbackSwitched(url, loopbackHosts)) return accept(url.href);
  if (url.protocol !== "https:") return refuse("url_not_https", { field: "url" });
  if (!isPortAllowed(url)) return refuse("url_port_refused", { field: "url" });
  if (url.href.length > MAX_LENGTH) return refuse("url_too_long", { field: "url" });
  return isHostAllowed(url.hostname) ? accept(url.href) : refuse("url_host_refused", { field: "url" });
}

/** 443 and 8443, and no other. */
export function isPortAllowed(url: URL): boolean {
  return PORTS.includes(url.port);
}

/** Whether the development switch names this URL's host. */
export function isLoopbackSwitched(url: URL, loopbackHosts: readonly string[]): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return (url.protocol === "http:" || url.protocol === "https:") && loopbackHosts.includes(host);
}

function isHostAllowed(host: string): boolean {
  if (addressBytes(host) !== null) return isPublicAddress(host);
  if (host.startsWith("[") || host.endsWith(".") || !host.includes(".")) return false;
  return !CLOSED_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
