// Keep-alive pools, one per origin and pinned address: a socket goes to the address that was checked, and the name
// stays in SNI, in the certificate check and in Host.
import type { Socket } from "node:net";
import { buildConnector, errors, Pool } from "undici";
import { MAX_READ_BYTES } from "./answer.server.ts";
import { PROCESS_LIMITS } from "./lane-policy.ts";

const CONNECT_MS = 6_000;
/** Under the five seconds after which Node and many proxies close: a request never meets a socket being closed. */
const SOCKET_IDLE_MS = 4_000;
const POOL_IDLE_MS = 15_000;
const MAX_IDLE_POOLS = 512;
const MAX_HEADER_BYTES = 16 * 1024;
/** Of one answer with all that is not its body: heads before it, its own, the framing of chunks, trailers. */
const MAX_ANSWER_BYTES = MAX_READ_BYTES + 64 * 1024;

type Entry = { pool: Pool; inFlight: number; idleSince: number };

/** A failure before any byte of a request was sent; the next address may be tried. */
export class ConnectFailed extends Error {
  override readonly cause: Error;

  constructor(cause: Error) {
    super("connect failed");
    this.cause = cause;
  }
}

/** Makes the pools. `ca` adds a certificate authority (tests); `tick` is the milliseconds of a steady clock. */
export function createPools(options: { ca?: string; tick: () => number }) {
  const entries = new Map<string, Entry>();
  const sweep = setInterval(closeIdle, POOL_IDLE_MS / 3);
  sweep.unref();

  function open(origin: string, address: string): Pool {
    const base = buildConnector({
      timeout: CONNECT_MS,
      allowH2: false,
      maxCachedSessions: 4,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      minVersion: "TLSv1.2",
      rejectUnauthorized: true,
    });
    const connect: buildConnector.connector = (to, done) =>
      base({ ...to, hostname: address }, (...[error, socket]) => {
        if (error !== null) return done(new ConnectFailed(error), null);
        done(null, socket);
        boundAnswers(socket);
      });
    return new Pool(origin, {
      connect,
      // Bounded by what the process has under way. A lower bound would let the endpoints of one host, which many shops may
      // share, wait for each other while their deadlines run.
      connections: PROCESS_LIMITS.sockets,
      pipelining: 1,
      keepAliveTimeout: SOCKET_IDLE_MS,
      keepAliveMaxTimeout: SOCKET_IDLE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // One deadline over everything is held by the sender.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  function closeIdle(): void {
    const now = options.tick();
    let over = entries.size - MAX_IDLE_POOLS;
    for (const [key, entry] of entries) {
      if (entry.inFlight > 0 || (now - entry.idleSince < POOL_IDLE_MS && over <= 0)) continue;
      entries.delete(key);
      over -= 1;
      entry.pool.destroy().catch(() => undefined);
    }
  }

  return {
    /** Takes the pool for one request; `release` when it is over. */
    take(origin: string, address: string): { pool: Pool; release: () => void } {
      const key = `${origin} ${address}`;
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = { pool: open(origin, address), inFlight: 0, idleSince: 0 };
        entries.set(key, entry);
        if (entries.size > 2 * MAX_IDLE_POOLS) closeIdle();
      }
      const taken = entry;
      taken.inFlight += 1;
      return {
        pool: taken.pool,
        release: () => {
          taken.inFlight -= 1;
          taken.idleSince = options.tick();
        },
      };
    },
    size: () => entries.size,
    async close(): Promise<void> {
      clearInterval(sweep);
      const open = [...entries.values()];
      entries.clear();
      await Promise.all(open.map(({ pool }) => pool.destroy()));
    },
  };
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
