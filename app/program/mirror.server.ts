// Keeps the storefront's copy of the program in step: the shop's app-owned metafield, which a theme reads.
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { ShopId } from "../loyalty/ids.ts";
import { inShop } from "../platform/db.server.ts";
import { log } from "../platform/log.server.ts";
import type { Step } from "../platform/upkeep.server.ts";
import { adminFor } from "../shopify/admin.server.ts";
import { setMetafields } from "../shopify/metafields.server.ts";
import { currentProgram } from "./load.server.ts";
import type { Program } from "./load.server.ts";

const PROGRAM_COPY = `#graphql
  query ProgramCopy {
    shop {
      id
      metafield(namespace: "$app", key: "program") { value }
    }
  }`;

const answer = z.object({
  shop: z.object({ id: z.string(), metafield: z.object({ value: z.string() }).nullable() }),
});

/** What a theme needs to explain the program: points for a whole unit of the currency, tiers from the lowest. */
function shown({ version, currency, settings }: Program) {
  const tiers = settings.tiers.map(({ name, threshold, multiplier }) => ({ name, threshold, multiplier }));
  return { version, currency, points_per_unit: settings.pointsPerUnit, tiers };
}

/**
 * The step after a program was saved, and of every night: Shopify's copy is the program in force. Found = 1 where it
 * was not; a shop without a token is passed over.
 */
export async function mirrorProgram(shop: ShopId): Promise<Step> {
  const admin = await adminFor(shop);
  if (admin === null) return { after: null, found: 0 };
  const { id, metafield } = answer.parse(await admin.graphql(PROGRAM_COPY)).shop;
  const program = shown(await inShop(shop, currentProgram));
  if (metafield !== null && isDeepStrictEqual(JSON.parse(metafield.value), program))
    return { after: null, found: 0 };
  const value = JSON.stringify(program);
  const taken = await setMetafields(admin, [{ ownerId: id, key: "program", type: "json", value }]);
  if (!taken) throw new Error(`Shopify refuses the program of ${shop}`);
  log.info("program.mirrored", { shop, version: program.version });
  return { after: null, found: 1 };
}
