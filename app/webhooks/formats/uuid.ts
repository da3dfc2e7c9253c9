// An event's id as a UUID, for systems that only know those.
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; // Crockford's base 32, as in our ids

/**
 * `evt_01JD…` → the UUID (version 7) of the same milliseconds and chance. A ULID has 128 bits in the order that version
 * 7 wants: only the six bits that say "version 7" are replaced. The same id gives the same UUID, everywhere.
 */
export function uuidOf(id: string): string {
  let bits = 0n;
  for (const letter of id.slice(id.indexOf("_") + 1)) bits = bits * 32n + BigInt(ALPHABET.indexOf(letter));
  const hex = BigInt.asUintN(128, bits).toString(16).padStart(32, "0");
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
