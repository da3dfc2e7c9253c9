// A database of one's own in milliseconds: a clone of the run's migrated template.
import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { TEMPLATE } from "./cluster.ts";

export type Clone = { url: string; drop: () => Promise<void> };

/** Clones the template; `drop` removes the clone and whoever is still connected to it. */
export async function cloneTemplate(): Promise<Clone> {
  const cluster = process.env["LAUREL_TEST_CLUSTER"];
  if (cluster === undefined) throw new Error("No cluster runs: this file belongs to a project without one.");
  const name = `t_${randomBytes(8).toString("hex")}`;
  await query(cluster, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => drop(cluster, name) };
}

const DROP_TRIES = 40;
const NOT_OURS_TO_END = "42501";

// A vacuum that looks at the database just then is the superuser's: it is waited for.
async function drop(cluster: string, name: string): Promise<void> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await query(cluster, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    } catch (error) {
      if ((error as { code?: string }).code !== NOT_OURS_TO_END || tried === DROP_TRIES) throw error;
      await sleep(250);
    }
  }
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
