// A real name server on this machine (UDP) that answers as it is told, for what asks real ones.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { addressBytes } from "../../app/webhooks/public-address.ts";

/** What it answers of one family: addresses (none: the name has no such record), an error, or nothing ever. */
export type Zone = { a: Answer; aaaa: Answer };
type Answer = readonly string[] | "SERVFAIL" | "NXDOMAIN" | "silence";

export type NameServer = {
  /** `host:port`, as `dns.setServers` takes it. */
  address: string;
  /** Questions so far: `A name`. */
  asked: string[];
  close: () => Promise<void>;
};

const HEADER_BYTES = 12;
const TYPES = new Map([
  [1, "a"],
  [28, "aaaa"],
] as const);
const CODES = { SERVFAIL: 2, NXDOMAIN: 3 } as const;
/** The name of the question, pointed at (RFC 1035, 4.1.4). */
const SAME_NAME = Buffer.from([0xc0, HEADER_BYTES]);

/** Starts one on a free port of the loopback address. A name that is not in `zones` does not exist. */
export async function startNameServer(zones: Readonly<Record<string, Zone>>): Promise<NameServer> {
  const asked: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (query, from) => {
    const { name, type, question } = read(query);
    const family = TYPES.get(type as 1 | 28);
    asked.push(`${family?.toUpperCase() ?? type} ${name}`);
    const answer = family === undefined ? [] : (zones[name]?.[family] ?? "NXDOMAIN");
    if (answer !== "silence") socket.send(write(query, question, type, answer), from.port, from.address);
  });
  await once(socket.bind(0, "127.0.0.1"), "listening");
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise((closed) => socket.close(closed)),
  };
}

// One question, as resolvers send it: labels, then type and class.
function read(query: Buffer): { name: string; type: number; question: Buffer } {
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const end = at + 5;
  return {
    name: labels.join(".").toLowerCase(),
    type: query.readUInt16BE(at + 1),
    question: query.subarray(HEADER_BYTES, end),
  };
}

function write(query: Buffer, question: Buffer, type: number, answer: Exclude<Answer, "silence">): Buffer {
  const [code, addresses] = typeof answer === "string" ? [CODES[answer], []] : [0, answer];
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  // An answer, recursion asked for and available.
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  return Buffer.concat([header, question, ...addresses.map((address) => record(type, address))]);
}

function record(type: number, address: string): Buffer {
  const data = addressBytes(address);
  if (data === null) throw new Error(`not an address: ${address}`);
  const head = Buffer.alloc(10);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(1, 2);
  head.writeUInt32BE(60, 4);
  head.writeUInt16BE(data.length, 8);
  return Buffer.concat([SAME_NAME, head, data]);
}
