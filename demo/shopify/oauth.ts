// POST /admin/oauth/access_token: token exchange and refresh, with expiring offline tokens that rotate.
import { z } from "zod";
import {
  ACCESS_TOKEN_SECONDS,
  issue,
  readGrant,
  readIdToken,
  REFRESH_TOKEN_SECONDS,
  same,
  type AppCredentials,
} from "./identity.ts";
import type { Shop } from "./shop.ts";

const EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const request = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.enum([EXCHANGE, "refresh_token"]),
  subject_token: z.string().optional(),
  refresh_token: z.string().optional(),
});

export type TokenAnswer = { status: number; body: Record<string, string | number> };

const refusal = (status: number, error: string, description: string): TokenAnswer => ({
  status,
  body: { error, error_description: description },
});

export type TokenDesk = {
  /** Answers one request for a shop's token. */
  answer(shop: Shop, body: unknown, at: number): TokenAnswer;
  /** Whether an access token opens a shop's Admin API at `at` (ms). */
  opens(shop: Shop, token: string, at: number): boolean;
};

/** The desk that gives tokens for one app; `scope` is what the app's configuration asks for. */
export function openTokenDesk(app: AppCredentials, scope: string): TokenDesk {
  // The youngest refresh that has been used, by shop: once it is, the ones before it are dead.
  const youngestUsed = new Map<string, number>();

  const give = (shop: Shop, chain: number, at: number): TokenAnswer => {
    const token = (kind: "access" | "refresh", seconds: number) =>
      issue(app, { kind, domain: shop.domain, at, expires: at + seconds * 1000, chain });
    return {
      status: 200,
      body: {
        access_token: token("access", ACCESS_TOKEN_SECONDS),
        scope,
        expires_in: ACCESS_TOKEN_SECONDS - 1,
        refresh_token: token("refresh", REFRESH_TOKEN_SECONDS),
        refresh_token_expires_in: REFRESH_TOKEN_SECONDS - 1,
      },
    };
  };

  const exchange = (shop: Shop, subject: string, at: number): TokenAnswer => {
    if (readIdToken(app, subject, at) !== shop.domain)
      return refusal(400, "invalid_subject_token", "The id token is expired, forged or of another shop.");
    shop.installedAt ??= new Date(at).toISOString();
    return give(shop, at, at);
  };

  const refresh = (shop: Shop, token: string, at: number): TokenAnswer => {
    const grant = readGrant(app, "refresh", token, at);
    const dead = !grant || grant.domain !== shop.domain || grant.at < shop.tokensValidFrom;
    // The token before the last stays good until its replacement is first used: an answer may get lost.
    if (dead || grant.chain < (youngestUsed.get(shop.domain) ?? 0))
      return refusal(400, "invalid_grant", "The refresh token is unknown, used up or out of date.");
    youngestUsed.set(shop.domain, grant.chain);
    return give(shop, Math.max(at, grant.chain + 1), at);
  };

  return {
    answer(shop, body, at) {
      const asked = request.safeParse(body);
      if (!asked.success)
        return refusal(400, "invalid_request", "The request is missing a required parameter.");
      const { client_id, client_secret, grant_type, subject_token, refresh_token } = asked.data;
      if (client_id !== app.apiKey || !same(client_secret, app.apiSecret))
        return refusal(401, "invalid_client", "Client authentication failed.");
      return grant_type === EXCHANGE
        ? exchange(shop, subject_token ?? "", at)
        : refresh(shop, refresh_token ?? "", at);
    },
    opens(shop, token, at) {
      const grant = readGrant(app, "access", token, at);
      return grant !== undefined && grant.domain === shop.domain && grant.at >= shop.tokensValidFrom;
    },
  };
}
