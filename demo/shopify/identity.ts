// Who may speak: the app's credentials, id tokens (session tokens) and access tokens as Shopify gives them.
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import type { Shop } from "./shop.ts";

export type AppCredentials = { apiKey: string; apiSecret: string };

const ID_TOKEN_SECONDS = 60;
export const ACCESS_TOKEN_SECONDS = 3600;
export const REFRESH_TOKEN_SECONDS = 90 * 24 * 3600;

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const mac = (text: string, key: string): string => createHmac("sha256", key).update(text).digest("base64url");

/** Compares two texts in a time that does not depend on where they differ. */
export function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** An id token for the shop's owner, valid for a minute from `at` (ms): what App Bridge hands to the app. */
export function idToken(app: AppCredentials, shop: Shop, at: number): string {
  const seconds = Math.floor(at / 1000);
  const claims = {
    iss: `https://${shop.domain}/admin`,
    dest: `https://${shop.domain}`,
    aud: app.apiKey,
    sub: shop.id.toString(),
    exp: seconds + ID_TOKEN_SECONDS,
    nbf: seconds - 5,
    iat: seconds,
    jti: randomUUID(),
    sid: randomUUID(),
  };
  const signed = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(claims)}`;
  return `${signed}.${mac(signed, app.apiSecret)}`;
}

/** Whether an id token was signed by us and still holds; the shop's domain that it names. */
export function readIdToken(app: AppCredentials, token: string, at: number): string | undefined {
  const [head, body, signature] = token.split(".");
  if (!head || !body || !signature || !same(signature, mac(`${head}.${body}`, app.apiSecret)))
    return undefined;
  const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as {
    dest: string;
    aud: string;
    exp: number;
  };
  if (claims.aud !== app.apiKey || claims.exp * 1000 < at) return undefined;
  return new URL(claims.dest).hostname;
}

export type Grant = {
  kind: "access" | "refresh";
  domain: string;
  at: number;
  expires: number;
  chain: number;
};

// Tokens carry their own facts, so that those in the app's database outlive a restart of the stand-in.
/** Makes an access or refresh token that only this app's secret can have made. */
export function issue(app: AppCredentials, grant: Grant): string {
  const body = encoded([
    grant.kind,
    grant.domain,
    grant.at,
    grant.expires,
    grant.chain,
    randomBytes(6).toString("hex"),
  ]);
  return `${grant.kind === "access" ? "shpat" : "shprt"}_${body}.${mac(body, app.apiSecret)}`;
}

/** Reads a token back; undefined when it is forged, out of date or of another kind. */
export function readGrant(
  app: AppCredentials,
  kind: Grant["kind"],
  token: string,
  at: number,
): Grant | undefined {
  const [body, signature] = token.replace(/^shp(at|rt)_/, "").split(".");
  if (!body || !signature || !same(signature, mac(body, app.apiSecret))) return undefined;
  const [found, domain, issued, expires, chain] = JSON.parse(Buffer.from(body, "base64url").toString()) as [
    Grant["kind"],
    string,
    number,
    number,
    number,
  ];
  return found === kind && at < expires ? { kind, domain, at: issued, expires, chain } : undefined;
}
