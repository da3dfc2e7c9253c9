// Customers in Shopify's words: who they are (customers/create, update; an order's `customer`), deletion and merging.
import { z } from "zod";
import type { CustomerGid } from "../loyalty/ids.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Result } from "../loyalty/refusal.ts";
import { emailFrom, flag, idFrom, instantFrom, shortText, text } from "./fields.ts";

const customerBody = z.object({
  id: text.default(null),
  admin_graphql_api_id: text.default(null),
  email: text.default(null),
  first_name: text.default(null),
  last_name: text.default(null),
  phone: text.default(null),
  locale: text.default(null),
  verified_email: flag.default(false),
  updated_at: text.default(null),
});

/** What Shopify says about a customer. Null: not said, or taken away. */
export type CustomerSeen = {
  readonly gid: CustomerGid;
  /** Trimmed, lower-case. */
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly phone: string | null;
  readonly locale: string | null;
  /** Sortable UTC text. */
  readonly updatedAt: string | null;
};

/** Reads a customer's body; refuses one without an id. */
export function customerFrom(body: unknown): Result<CustomerSeen> {
  const parsed = customerBody.safeParse(body);
  if (!parsed.success) return refuse("body_not_an_object");
  const { data } = parsed;
  const gid = idFrom("Customer", data.admin_graphql_api_id, data.id);
  if (!gid) return refuse("customer_id_missing");
  return accept({
    gid,
    email: emailFrom(data.email),
    emailVerified: data.verified_email,
    firstName: shortText(data.first_name) || null,
    lastName: shortText(data.last_name) || null,
    phone: shortText(data.phone) || null,
    locale: shortText(data.locale) || null,
    updatedAt: instantFrom(data.updated_at),
  });
}

const mergeBody = z.object({
  admin_graphql_api_customer_kept_id: text.default(null),
  admin_graphql_api_customer_deleted_id: text.default(null),
  status: text.default(null),
});

/** Reads customers/merge. Refuses a merge that Shopify says has failed, and one without both ids. */
export function mergeFrom(body: unknown): Result<{ kept: CustomerGid; deleted: CustomerGid }> {
  const parsed = mergeBody.safeParse(body);
  if (!parsed.success) return refuse("body_not_an_object");
  const kept = idFrom("Customer", parsed.data.admin_graphql_api_customer_kept_id, null);
  const deleted = idFrom("Customer", parsed.data.admin_graphql_api_customer_deleted_id, null);
  if (!kept || !deleted) return refuse("customer_id_missing");
  const status = parsed.data.status;
  return status === null || status === "completed"
    ? accept({ kept, deleted })
    : refuse("merge_not_completed");
}
