// Resolves an endpoint's name and refuses it if any of its addresses is not public. Asked on every attempt.
import { lookup, Resolver } from "node:dns/promises";
import { addressBytes, isPublicAddress } from "./public-address.ts";

const TRY_MS = 2_000;
const TRIES = 2;
/** Answers that say "no such record", and are no failure. */
const NO_RECORD = new Set(["ENODATA", "ENOTFOUND"]);
const MAX_ADDRESSES = 32;

/**
 * The addresses of a name, IPv4 first: of both families, or of the one that has an answer. None: there is no such record.
 * Throws where none was found and a look-up failed.
 */
export type LookUp = (host: string) => Promise<string[]>;

/** `addresses` are checked and in the order to try. */
export type Resolved = { ok: true; addresses: string[] } | { ok: false; error: "dns" | "refused_address" };

/**
 * Asks the machine's name servers directly (c-ares): a name that never answers holds no thread, and the hosts file
 * of the machine gives no names away. Only what was found is connected to, so a family that fails takes nothing away.
 */
export function systemLookUp(servers?: readonly string[]): LookUp {
  const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
  if (servers !== undefined) resolver.setServers(servers);
  return async (host) => {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    const addresses = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
    if (addresses.length > 0) return addresses;
    for (const answer of answers) {
      if (answer.status === "rejected" && !NO_RECORD.has(codeOf(answer.reason))) throw answer.reason;
    }
    return [];
  };
}

/** Makes the resolver: concurrent look-ups of one name are one look-up; nothing is kept after its answer. */
export function createResolver(lookUp: LookUp) {
  const underWay = new Map<string, Promise<Resolved>>();

  async function resolveName(host: string): Promise<Resolved> {
    let addresses: string[];
    try {
      addresses = await lookUp(host);
    } catch {
      return { ok: false, error: "dns" };
    }
    return judge(addresses, isPublicAddress);
  }

  return {
    /** A public host: literals are checked as they stand, names are looked up. */
    resolve(host: string): Resolved | Promise<Resolved> {
      const bare = withoutBrackets(host);
      if (addressBytes(bare) !== null) return judge([bare], isPublicAddress);
      let found = underWay.get(host);
      if (found === undefined) {
        found = resolveName(host).finally(() => underWay.delete(host));
        underWay.set(host, found);
      }
      return found;
    },
    /** A host of the development switch: must be loopback, and nothing else. */
    resolveLoopback(host: string): Resolved | Promise<Resolved> {
      const bare = withoutBrackets(host);
      if (addressBytes(bare) !== null) return judge([bare], isLoopback);
      const addresses = lookup(bare, { all: true }).then(textOf, () => []);
      return addresses.then((found) => judge(found, isLoopback));
    },
  };
}

function judge(addresses: string[], mayConnect: (address: string) => boolean): Resolved {
  if (addresses.length === 0) return { ok: false, error: "dns" };
  const isSafe = addresses.length <= MAX_ADDRESSES && addresses.every(mayConnect);
  return isSafe ? { ok: true, addresses } : { ok: false, error: "refused_address" };
}

const withoutBrackets = (host: string) => host.replace(/^\[|\]$/g, "");
const textOf = (answers: { address: string }[]) => answers.map(({ address }) => address);
const isLoopback = (address: string) => address === "::1" || addressBytes(address)?.[0] === 127;
const codeOf = (reason: unknown) =>
  reason instanceof Error && "code" in reason && typeof reason.code === "string" ? reason.code : "";
