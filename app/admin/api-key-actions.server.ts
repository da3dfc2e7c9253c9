// What the buttons of Settings > API keys do: make a key, and revoke one.
import { z } from "zod";
import type { ShopId } from "../loyalty/ids.ts";
import { refuse } from "../loyalty/refusal.ts";
import type { Refused } from "../loyalty/refusal.ts";
import { API_AREAS } from "../shops/api-areas.ts";
import { revokeApiKey } from "../shops/api-keys.server.ts";
import { createApiKey } from "../shops/create-api-key.server.ts";
import { readJson } from "./read-json.server.ts";

const Asked = z.discriminatedUnion("intent", [
  z.object({
    intent: z.literal("create"),
    name: z.string().max(1_000),
    scopes: z.partialRecord(z.enum(API_AREAS), z.enum(["read", "full"])),
  }),
  z.object({ intent: z.literal("revoke"), id: z.string().max(64) }),
]);

/** What the screen sends: JSON with an intent. */
export type ApiKeyAsked = z.input<typeof Asked>;

/** `key` is the key itself, told this once; null where none was made. */
export type ApiKeyAnswer = Refused | { ok: true; key: string | null };

/** Carries out what the screen asked. Refuses what does not read, and whatever the use case refuses. */
export async function apiKeyAction(shopId: ShopId, request: Request): Promise<ApiKeyAnswer> {
  const read = Asked.safeParse(await readJson(request));
  if (!read.success) return refuse("form_invalid");
  const { data } = read;
  switch (data.intent) {
    case "create": {
      const made = await createApiKey(shopId, data);
      return made.ok ? { ok: true, key: made.value.key } : made;
    }
    case "revoke": {
      const revoked = await revokeApiKey(shopId, data.id);
      return revoked.ok ? { ok: true, key: null } : revoked;
    }
  }
}
