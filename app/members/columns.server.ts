// The columns of a member, once, for every statement that reads one.
import { Prisma } from "../../generated/prisma/index.js";

export const MEMBER_COLUMNS = Prisma.sql`
  member_id AS id, customer_id AS "customerId", email, email_verified AS "emailVerified",
  first_name AS "firstName", last_name AS "lastName", state, balance, pending, held, owed,
  lifetime_points AS "lifetimePoints", tier_id AS "tierId", tier_since AS "tierSince",
  merged_into AS "mergedInto", joined_at AS "joinedAt",
  last_activity_at AS "lastActivityAt", profile_as_of AS "profileAsOf"`;
