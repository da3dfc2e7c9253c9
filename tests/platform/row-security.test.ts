// A role that no policy binds is recognised.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { bindsRowSecurity } from "../../app/platform/row-security.server.ts";
import { asSuperuser } from "../../server/postgres/cluster.ts";
import { openSecrets } from "../../server/postgres/secrets.ts";
import { removePostgres, startPostgres, THROWAWAY } from "../../server/postgres.ts";

test("row-level security binds the embedded database's role, and neither a superuser nor who bypasses it", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "laurel-role-"));
  const { port, url } = await startPostgres({ dataDir, flags: THROWAWAY });
  const laurel = new pg.Client({ connectionString: url });
  await laurel.connect();
  expect(await bindsRowSecurity(laurel)).toBe(true);
  await laurel.end();
  await asSuperuser(port, await openSecrets(dataDir), async (client) => {
    expect(await bindsRowSecurity(client)).toBe(false);
    await client.query("CREATE ROLE passer BYPASSRLS; SET ROLE passer");
    expect(await bindsRowSecurity(client)).toBe(false);
  });
  await removePostgres(dataDir);
}, 60_000);
