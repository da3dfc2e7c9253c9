// Shopify's published Admin schema, 2026-10: taken from npm once, checked, and kept in node_modules/.cache.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { buildClientSchema, type GraphQLSchema, type IntrospectionQuery } from "graphql";

const run = promisify(execFile);
const PACKAGE = "@shopify/dev-mcp@1.16.0";
const MEMBER = "package/dist/data/admin_2026-10.json.gz";
/** Of the member, so that neither a changed package nor a broken copy is believed. */
const SHA512 =
  "a1b5737c15c47393607ffeda77f0651b4663ff51b97a2fa5f4cdfa1e74f2f60dd80b8f669f7b4f73311dc88f20678cbf962ecdb58b83f8402f9a37501a295be1";
const CACHE = join(import.meta.dirname, "../../node_modules/.cache/laurel");
const KEPT = join(CACHE, "admin_2026-10.json.gz");

// Packed beside the cache and moved in one step: two test runs may do this at the same time.
async function take(): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const folder = await mkdtemp(join(CACHE, "pack-"));
  try {
    const { stdout } = await run("npm", ["pack", PACKAGE, "--silent", "--pack-destination", folder]);
    await run("tar", ["-xzf", join(folder, stdout.trim()), "-C", folder, MEMBER]);
    await rename(join(folder, MEMBER), KEPT);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The schema. Throws where npm has it not, or where it is not the file that was pinned. */
export async function publishedSchema(): Promise<GraphQLSchema> {
  if (!existsSync(KEPT)) await take();
  const packed = await readFile(KEPT);
  const found = createHash("sha512").update(packed).digest("hex");
  if (found !== SHA512) throw new Error(`${KEPT} is not Shopify's schema as it was pinned: remove it`);
  const { data } = JSON.parse(gunzipSync(packed).toString("utf8")) as { data: IntrospectionQuery };
  return buildClientSchema(data);
}
