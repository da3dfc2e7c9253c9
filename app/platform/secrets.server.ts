// Seals merchants' secrets: AES-256-GCM with a ring of keys from the environment, bound to where the secret belongs.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { env } from "./env.server.ts";

const NONCE_BYTES = 12;
const VERSION = "v1";

/** Where a secret belongs (`shop|subscription|slot`): moved to another row, it no longer opens. */
export type Binding = readonly [shop: string, owner: string, slot: string];

const bound = (binding: Binding) => Buffer.from(binding.join("|"), "utf8");

/** Seals `secret` for `binding` with the newest key: `v1:kid:nonce:ciphertext:tag`, base64url parts. */
export function seal(secret: string, binding: Binding): string {
  const [active] = env().LAUREL_KEYRING;
  if (active === undefined) throw new Error("LAUREL_KEYRING is empty");
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", active.key, nonce).setAAD(bound(binding));
  const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
  const parts = [nonce, text, cipher.getAuthTag()].map((part) => part.toString("base64url"));
  return [VERSION, active.kid, ...parts].join(":");
}

/**
 * Opens what `seal` made.
 * @returns null where it cannot be opened: unknown key, other binding, changed bytes.
 */
export function open(sealed: string, binding: Binding): string | null {
  const [version, kid, nonce, text, tag] = sealed.split(":");
  const key = env().LAUREL_KEYRING.find((entry) => entry.kid === kid)?.key;
  if (
    version !== VERSION ||
    key === undefined ||
    nonce === undefined ||
    text === undefined ||
    tag === undefined
  )
    return null;
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64url")).setAAD(
      bound(binding),
    );
    decipher.setAuthTag(Buffer.from(tag, "base64url"));
    return Buffer.concat([decipher.update(Buffer.from(text, "base64url")), decipher.final()]).toString(
      "utf8",
    );
  } catch {
    return null;
  }
}
