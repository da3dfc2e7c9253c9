// The passwords of an embedded cluster and the port that it keeps, in a file that only its owner may read.
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { z } from "zod";

const Secrets = z.object({ superuser: z.string(), laurel: z.string(), port: z.number().int() });
export type Secrets = z.infer<typeof Secrets>;

/** Reads the secrets of a cluster, or makes them. */
export async function openSecrets(folder: string): Promise<Secrets> {
  const file = join(folder, "secrets.json");
  if (existsSync(file)) return Secrets.parse(JSON.parse(readFileSync(file, "utf8")));
  const password = () => randomBytes(24).toString("base64url");
  const secrets = { superuser: password(), laurel: password(), port: await freePort() };
  keepSecrets(folder, secrets);
  return secrets;
}

/** Writes the secrets in one step, readable by their owner only. */
export function keepSecrets(folder: string, secrets: Secrets): void {
  const half = join(folder, `secrets.json.${process.pid}`);
  writeFileSync(half, JSON.stringify(secrets), { mode: 0o600 });
  renameSync(half, join(folder, "secrets.json"));
}

/** A port of the loopback address that nobody listens on; `wanted` itself when it is one. */
export async function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error) => (wanted === 0 ? reject(error) : resolve(freePort())));
    server.listen({ port: wanted, host: "127.0.0.1" }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : wanted));
    });
  });
}
