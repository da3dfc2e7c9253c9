// Whether an address is public unicast: our own table over bytes, since text has too many spellings.
// Sources: IANA special-purpose registries for IPv4 and IPv6; everything outside 2000::/3 is refused.

type Block = { bytes: Uint8Array; bits: number };

const V4_BYTES = 4;
const OCTET = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const V4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const V6_GROUPS = 8;

const NOT_PUBLIC_V4 = [
  "0.0.0.0/8", // this network
  "10.0.0.0/8", // private
  "100.64.0.0/10", // shared by carriers
  "127.0.0.0/8", // loopback
  "169.254.0.0/16", // link-local, metadata services
  "172.16.0.0/12", // private
  "192.0.0.0/24", // protocol assignments
  "192.0.2.0/24", // documentation
  "192.88.99.0/24", // 6to4 relays
  "192.168.0.0/16", // private
  "198.18.0.0/15", // benchmarks
  "198.51.100.0/24", // documentation
  "203.0.113.0/24", // documentation
  "224.0.0.0/4", // multicast
  "240.0.0.0/4", // reserved, broadcast
].map(block);

/** The only unicast space that is handed out; mapped, compatible, NAT64, local and multicast lie outside. */
const GLOBAL_V6 = block("2000::/3");
const NOT_PUBLIC_V6 = [
  "2001::/23", // protocol assignments: Teredo, benchmarks, ORCHID
  "2001:db8::/32", // documentation
  "2002::/16", // 6to4: carries any IPv4 address
  "3fff::/20", // documentation
].map(block);

/** Whether the address literal (IPv4 dotted, or IPv6 with or without brackets) is public unicast. False if none. */
export function isPublicAddress(text: string): boolean {
  const bytes = addressBytes(text);
  if (bytes === null) return false;
  if (bytes.length === V4_BYTES) return !NOT_PUBLIC_V4.some((range) => within(bytes, range));
  return within(bytes, GLOBAL_V6) && !NOT_PUBLIC_V6.some((range) => within(bytes, range));
}

/** The 4 or 16 bytes of an address literal in the spelling that the URL parser and resolvers give; null if none. */
export function addressBytes(text: string): Uint8Array | null {
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  return bare.includes(":") ? v6Bytes(bare) : v4Bytes(bare);
}

function v4Bytes(text: string): Uint8Array | null {
  return V4.test(text) ? new Uint8Array(text.split(".").map(Number)) : null;
}

function v6Bytes(text: string): Uint8Array | null {
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const head = groups(halves[0] ?? "");
  const tail = halves.length === 2 ? groups(halves[1] ?? "") : [];
  if (head === null || tail === null) return null;
  const missing = V6_GROUPS - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  const all = [...head, ...Array<number>(missing).fill(0), ...tail];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

/** 16-bit groups of one side of `::`; a dotted IPv4 tail makes two of them. */
function groups(text: string): number[] | null {
  if (text === "") return [];
  const result: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    const v4 = index === parts.length - 1 && part.includes(".") ? v4Bytes(part) : null;
    if (v4 !== null) {
      const [a = 0, b = 0, c = 0, d = 0] = v4;
      result.push((a << 8) | b, (c << 8) | d);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) {
      result.push(parseInt(part, 16));
    } else {
      return null;
    }
  }
  return result;
}

function block(cidr: string): Block {
  const [address = "", bits = ""] = cidr.split("/");
  const bytes = addressBytes(address);
  if (bytes === null) throw new Error(`not a range: ${cidr}`);
  return { bytes, bits: Number(bits) };
}

function within(bytes: Uint8Array, range: Block): boolean {
  for (let bit = 0; bit < range.bits; bit += 8) {
    const left = range.bits - bit;
    const mask = left >= 8 ? 0xff : 0xff & (0xff << (8 - left));
    const index = bit >> 3;
    if (((bytes[index] ?? 0) & mask) !== ((range.bytes[index] ?? 0) & mask)) return false;
  }
  return true;
}
