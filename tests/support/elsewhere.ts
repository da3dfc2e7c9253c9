// What others published, for tests that read it where it is: a folder beside the checkout, or where LAUREL_SHARED says.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../server/variables.ts";

const shared = process.env["LAUREL_SHARED"] ?? join(ROOT, "../shared");

/** The path of a folder in it, such as `payloads`; undefined where it is not, and then its tests are left out. */
export function elsewhere(folder: string): string | undefined {
  const path = join(shared, folder);
  return existsSync(path) ? path : undefined;
}
