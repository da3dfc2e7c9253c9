// Writes the app's own metafields: the storefront's copy of what Laurel knows.
import { z } from "zod";
import type { AdminClient } from "./admin.server.ts";

/** What metafieldsSet takes at once, all or nothing. */
export const METAFIELDS_MAX = 25;

const SET_METAFIELDS = `#graphql
  mutation SetMetafields($metafields: [MetafieldsSetInput!]!) {
    metafieldsSet(metafields: $metafields) {
      userErrors { code message }
    }
  }`;

const answer = z.object({
  metafieldsSet: z.object({ userErrors: z.array(z.object({ code: z.string().nullable() })) }).nullable(),
});

/** A metafield of the app's own namespace; the type as shopify.app.toml declares it. */
export type OwnMetafield = {
  /** Gid. */
  readonly ownerId: string;
  readonly key: "points" | "loyalty" | "program";
  readonly type: "number_integer" | "json";
  readonly value: string;
};

/** Sets at most METAFIELDS_MAX; false when Shopify refused what was asked: asking again changes nothing. */
export async function setMetafields(
  admin: AdminClient,
  metafields: readonly OwnMetafield[],
): Promise<boolean> {
  const asked = metafields.map((one) => ({ ...one, namespace: "$app" }));
  const { metafieldsSet } = answer.parse(await admin.graphql(SET_METAFIELDS, { metafields: asked }));
  return metafieldsSet !== null && metafieldsSet.userErrors.length === 0;
}
