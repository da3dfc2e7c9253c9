// Keep-alive connections, by origin and pinned address: a socket goes to the address that was checked, and the name stays
// in SNI, in the certificate check and in Host.
import type { Socket } from "node:net";
import { buildConnector, Client, errors } from "undici";
import { MAX_READ_BYTES } from "./answer.server.ts";

const CONNECT_MS = 6_000;
/** Under the five seconds after which Node and many proxies close: a request never meets a socket being closed. */
const SOCKET_IDLE_MS = 4_000;
/** A connection whose socket has closed may still resume its TLS session. */
const REST_MS = 15_000;
const MAX_RESTING = 512;
/** Of one answer with all that is not its body: heads before it, its own, the framing of chunks, trailers. */
const MAX_ANSWER_BYTES = MAX_READ_BYTES + 64 * 1024;
const CLIENT = {
  pipelining: 1,
  keepAliveTimeout: SOCKET_IDLE_MS,
  keepAliveMaxTimeout: SOCKET_IDLE_MS,
  maxHeaderSize: 16 * 1024,
  // One deadline over everything is held by the sender.
  headersTimeout: 0,
  bodyTimeout: 0,
};

/** Where connections lead. `resting`: those that wait for a request, the last used at the end. */
type Place = { connect: buildConnector.connector; resting: Resting[]; inFlight: number };
type Resting = { client: Client; since: number };

/** A failure before any byte of a request was sent; the next address may be tried. */
export class ConnectFailed extends Error {
  override readonly cause: Error;

  constructor(cause: Error) {
    super("connect failed");
    this.cause = cause;
  }
}

/**
 * Makes the connections. `ca` adds a certificate authority (tests); `tick` is the milliseconds of a steady clock. The one
 * that came back last goes first, so that there are no more than requests under way, which the caller bounds, and what
 * is no longer needed comes to rest. (undici's pool opens another while the one just answered is still being tidied.)
 */
export function createConnections(options: { ca?: string; tick: () => number }) {
  const places = new Map<string, Place>();
  const clients = new Set<Client>();
  let inFlight = 0;
  const sweep = setInterval(closeResting, REST_MS / 3);
  sweep.unref();

  function placeOf(origin: string, address: string): Place {
    const key = `${origin} ${address}`;
    const known = places.get(key);
    if (known !== undefined) return known;
    const place = { connect: connectTo(address, options.ca), resting: [], inFlight: 0 };
    places.set(key, place);
    return place;
  }

  function open(origin: string, { connect }: Place): Client {
    const client = new Client(origin, { ...CLIENT, connect });
    clients.add(client);
    return client;
  }

  function close(client: Client): void {
    clients.delete(client);
    client.destroy().catch(() => undefined);
  }

  function closeResting(): void {
    const before = options.tick() - REST_MS;
    let over = clients.size - inFlight - MAX_RESTING;
    for (const [key, place] of places) {
      const young = place.resting.findIndex(({ since }) => since > before);
      const old = young < 0 ? place.resting.length : young;
      const closed = place.resting.splice(0, Math.max(old, over));
      for (const { client } of closed) close(client);
      over -= closed.length;
      if (place.resting.length + place.inFlight === 0) places.delete(key);
    }
  }

  return {
    /**
     * Takes a connection for one request. `release` when that is over, saying whether the answer came whole: otherwise
     * the connection is closed, before it tries again what nobody waits for.
     */
    take(origin: string, address: string): { client: Client; release: (whole: boolean) => void } {
      const place = placeOf(origin, address);
      const client = place.resting.pop()?.client ?? open(origin, place);
      place.inFlight += 1;
      inFlight += 1;
      const release = (whole: boolean) => {
        place.inFlight -= 1;
        inFlight -= 1;
        if (!whole) return close(client);
        place.resting.push({ client, since: options.tick() });
        if (clients.size - inFlight > 2 * MAX_RESTING) closeResting();
      };
      return { client, release };
    },
    /** Connections now, under way and resting. */
    size: () => clients.size,
    async close(): Promise<void> {
      clearInterval(sweep);
      const open = [...clients];
      places.clear();
      clients.clear();
      await Promise.all(open.map((client) => client.destroy()));
    },
  };
}

function connectTo(address: string, ca: string | undefined): buildConnector.connector {
  const connect = buildConnector({
    timeout: CONNECT_MS,
    allowH2: false,
    maxCachedSessions: 4,
    ...(ca === undefined ? {} : { ca }),
    minVersion: "TLSv1.2",
    rejectUnauthorized: true,
  });
  return (to, done) =>
    connect({ ...to, hostname: address }, (...[error, socket]) => {
      if (error !== null) return done(new ConnectFailed(error), null);
      done(null, socket);
      boundAnswers(socket);
    });
}

/**
 * Ends a connection whose answer is too long, which the parser does not: it bounds what is a header or a body, and reads
 * a chunk's extension or one 103 after the other for ever. Called once undici listens, so that what it has read of a
 * body counts first.
 */
function boundAnswers(socket: Socket): void {
  let [read, readBefore, written] = [0, 0, 0];
  socket.on("readable", () => {
    if (socket.destroyed) return;
    // One request at a time, handed over in one piece: where more was written, another answer has begun.
    if (socket.bytesWritten !== written) readBefore = read;
    written = socket.bytesWritten;
    read = socket.bytesRead;
    if (read - readBefore > MAX_ANSWER_BYTES) socket.destroy(new errors.ResponseExceededMaxSizeError());
  });
}
