// Whether row-level security binds the role that the app logs in as. For a superuser every policy is silently void.
import type pg from "pg";
import { log } from "./log.server.ts";

/** True when PostgreSQL applies the tables' policies to whoever is logged in. */
export async function bindsRowSecurity(database: Pick<pg.Pool, "query">): Promise<boolean> {
  const { rows } = await database.query<{ bound: boolean }>(
    "SELECT NOT (rolsuper OR rolbypassrls) AS bound FROM pg_roles WHERE rolname = current_user",
  );
  return rows[0]?.bound === true;
}

/** Writes an error to the log where it does not: then only the queries' own conditions keep shops apart. */
export async function warnOfVoidSecurity(database: Pick<pg.Pool, "query">): Promise<void> {
  try {
    if (!(await bindsRowSecurity(database))) log.error("database.row_security_void");
  } catch (error) {
    log.warn("database.role_unknown", {}, error);
  }
}
