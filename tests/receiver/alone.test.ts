// The receiver's folder is all that a receiver needs: copied out of the project, it compiles and runs.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { exampleEnvelope } from "../../app/events/envelope.ts";
import { newSecret } from "../../app/webhooks/signature.server.ts";
import { signed } from "./signed.ts";

const SECOND_MS = 1_000;
const RECEIVER = "./receiver/verify.ts";
const USE = `import { verify } from "${RECEIVER}";
import type { Refusal } from "${RECEIVER}";
const { headers, body, secret } = JSON.parse(process.argv[2] ?? "");

/** What a receiver does with an answer; the compiler holds that no refusal is forgotten. */
const STATUS: Record<Refusal, number> = { bad_signature: 401, too_old: 401, malformed: 400, unknown_type: 200 };

const told = await verify({ headers, body }, secret);
if (!told.ok) console.log(STATUS[told.refusal]);
else if (told.event.event === "points.earned") console.log(told.event.data.points_earned);
`;

test(
  "it runs with nothing but Node beside it, and TypeScript knows what an event holds",
  { timeout: 240 * SECOND_MS },
  () => {
    const folder = mkdtempSync(join(tmpdir(), "laurel-receiver-"));
    try {
      cpSync("receiver", join(folder, "receiver"), { recursive: true });
      writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
      writeFileSync(join(folder, "use.ts"), USE);
      const secret = newSecret();
      const run = (held: string) => {
        const sent = JSON.stringify({ ...signed(exampleEnvelope("points.earned"), secret), secret: held });
        return execFileSync(process.execPath, ["use.ts", sent], { cwd: folder, encoding: "utf8" }).trim();
      };
      expect(run(secret)).toBe("62");
      expect(run(newSecret())).toBe("401");
      const flags =
        "--noEmit --strict --skipLibCheck --module nodenext --target es2022 --allowImportingTsExtensions --types node";
      const roots = ["--typeRoots", resolve("node_modules/@types"), "use.ts"];
      execFileSync(resolve("node_modules/.bin/tsc"), [...flags.split(" "), ...roots], { cwd: folder });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
