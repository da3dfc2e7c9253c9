// Metafields of the stand-in: set, read and deleted with Shopify's limits and errors.
import { createHash } from "node:crypto";
import { gid, nextId } from "./ids.ts";
import type { Metafield, Shop } from "./shop.ts";

const MAX_AT_ONCE = 25;

export type MetafieldWish = {
  ownerId: string;
  namespace?: string | null;
  key: string;
  value: string;
  type?: string | null;
  compareDigest?: string | null;
};

const VALID: Readonly<Record<string, RegExp>> = {
  number_integer: /^-?\d{1,16}$/,
  number_decimal: /^-?\d+(\.\d+)?$/,
  boolean: /^(true|false)$/,
  single_line_text_field: /^[^\n]*$/,
};

const nameOf = (ownerId: string, namespace: string, key: string): string =>
  [ownerId, namespace, key].join("\n");
const digestOf = (metafield: Metafield): string => createHash("sha256").update(metafield.value).digest("hex");

const nodeOf = (metafield: Metafield) => ({
  __typename: "Metafield",
  id: gid("Metafield", metafield.id),
  namespace: metafield.namespace,
  key: metafield.key,
  value: metafield.value,
  type: metafield.type,
  compareDigest: digestOf(metafield),
  updatedAt: metafield.updatedAt,
});

/** A metafield as Admin GraphQL shows it, or null. */
export function metafieldNode(shop: Shop, ownerId: string, namespace: string, key: string) {
  const found = shop.metafields.get(nameOf(ownerId, namespace, key));
  return found ? nodeOf(found) : null;
}

function problemOf(shop: Shop, wish: MetafieldWish): { code: string; message: string } | undefined {
  const known = shop.metafields.get(nameOf(wish.ownerId, wish.namespace ?? "$app", wish.key));
  const owner = wish.ownerId.includes("/Customer/")
    ? [...shop.customers.values()].some((customer) => customer.gid === wish.ownerId)
    : wish.ownerId.startsWith("gid://shopify/");
  if (!owner) return { code: "INVALID", message: "Owner does not exist." };
  if (wish.key.length < 2)
    return { code: "TOO_SHORT", message: "Key is too short (minimum is 2 characters)" };
  if (wish.key.length > 64)
    return { code: "TOO_LONG", message: "Key is too long (maximum is 64 characters)" };
  const pattern = VALID[wish.type ?? known?.type ?? "single_line_text_field"];
  if (pattern && !pattern.test(wish.value)) return { code: "INVALID_VALUE", message: "Value is invalid." };
  if (wish.compareDigest && known && digestOf(known) !== wish.compareDigest)
    return { code: "STALE_OBJECT", message: "The resource has been updated since it was loaded." };
  return undefined;
}

/** `metafieldsSet`: all or none, at most 25. */
export function setMetafields(shop: Shop, wishes: MetafieldWish[]) {
  if (wishes.length > MAX_AT_ONCE) {
    const message = `Exceeded the maximum metafields input limit of ${MAX_AT_ONCE}.`;
    return {
      metafields: null,
      userErrors: [{ code: "LESS_THAN_OR_EQUAL_TO", field: ["metafields"], message }],
    };
  }
  const userErrors = wishes.flatMap((wish, elementIndex) => {
    const problem = problemOf(shop, wish);
    return problem ? [{ ...problem, elementIndex, field: ["metafields", String(elementIndex)] }] : [];
  });
  if (userErrors.length > 0) return { metafields: null, userErrors };
  const metafields = wishes.map((wish) => {
    const namespace = wish.namespace ?? "$app";
    const name = nameOf(wish.ownerId, namespace, wish.key);
    const known = shop.metafields.get(name);
    const metafield: Metafield = {
      id: known?.id ?? nextId(),
      ownerId: wish.ownerId,
      namespace,
      key: wish.key,
      type: wish.type ?? known?.type ?? "single_line_text_field",
      value: wish.value,
      updatedAt: new Date().toISOString(),
    };
    shop.metafields.set(name, metafield);
    return nodeOf(metafield);
  });
  return { metafields, userErrors: [] };
}

/** `metafieldsDelete`: what did not exist comes back as null. */
export const deleteMetafields = (
  shop: Shop,
  wishes: Pick<MetafieldWish, "ownerId" | "namespace" | "key">[],
) => ({
  deletedMetafields: wishes.map(({ ownerId, namespace, key }) =>
    shop.metafields.delete(nameOf(ownerId, namespace ?? "$app", key)) ? { ownerId, namespace, key } : null,
  ),
  userErrors: [],
});
