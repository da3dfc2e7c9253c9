// Where one cluster lives and under which account: settled at the first start and remembered beside the data.
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { accountsToTry, canRun, type Account } from "./account.ts";
import { binariesIn, findBinaries, type Binaries } from "./binaries.ts";

/** `pgdata` holds the cluster; `folder` is ours, with the passwords, the log and the owner's name. */
export type Home = { folder: string; base: string; pgdata: string; account: Account; binaries: Binaries };

const Place = z.object({ base: z.string() });

/**
 * Settles where the cluster of `folder` lives. Root that may not use user namespaces gets a folder of `nobody` outside,
 * remembered in `place.json`. Throws with a sentence when no account of this machine will do.
 */
export function findHome(folder: string): Home {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const binaries = findBinaries();
  const remembered = readPlace(folder);
  for (const account of accountsToTry()) {
    const home = settle(folder, account, binaries, remembered);
    if (home) return home;
  }
  throw new Error(
    `PostgreSQL cannot run here: it refuses root, user namespaces are not allowed, and no other account can reach ${folder}. ` +
      "Run as an ordinary user, or set DATABASE_URL to a PostgreSQL.",
  );
}

function settle(
  folder: string,
  account: Account,
  binaries: Binaries,
  remembered: string | undefined,
): Home | undefined {
  if (account.kind === "nobody") return settleAsNobody(folder, account, binaries, remembered);
  // Data that `nobody` owns stays with nobody.
  if (remembered !== undefined || !canRun(account, binaries, folder)) return undefined;
  return { folder, base: folder, pgdata: join(folder, "pgdata"), account, binaries };
}

function settleAsNobody(
  folder: string,
  account: Account & { kind: "nobody" },
  binaries: Binaries,
  remembered: string | undefined,
): Home | undefined {
  if (remembered === undefined && existsSync(join(folder, "pgdata"))) return undefined;
  const base = remembered ?? makePlace(folder, account);
  const reachable = [binaries, binariesIn(join(base, "native"))].find((b) => {
    if (b.folder !== binaries.folder) copyOnce(binaries.folder, b.folder);
    return canRun(account, b, base);
  });
  return reachable && { folder, base, pgdata: join(base, "pgdata"), account, binaries: reachable };
}

// Not the folder for temporary files where there is a better one: that is emptied when the machine starts.
function makePlace(folder: string, { uid, gid }: { uid: number; gid: number }): string {
  const base = mkdtempSync(join(existsSync("/var/tmp") ? "/var/tmp" : tmpdir(), "laurel-postgres-"));
  chownSync(base, uid, gid);
  writeFileSync(join(folder, "place.json"), JSON.stringify({ base }));
  return base;
}

function readPlace(folder: string): string | undefined {
  const file = join(folder, "place.json");
  if (!existsSync(file)) return undefined;
  const { base } = Place.parse(JSON.parse(readFileSync(file, "utf8")));
  return existsSync(base) ? base : undefined;
}

// A checkout that others cannot enter hides the programs from `nobody`: a copy lies beside the data.
function copyOnce(from: string, to: string): void {
  if (existsSync(to)) return;
  const half = `${to}.${process.pid}`;
  cpSync(from, half, { recursive: true, verbatimSymlinks: true });
  renameSync(half, to);
}
