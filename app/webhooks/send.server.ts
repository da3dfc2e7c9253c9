// Sends one request to a merchant's endpoint: resolve, check, connect to the checked address, one deadline over all.
import { storableHeaders, storableText } from "./answer.server.ts";
import { createConnections } from "./connector.server.ts";
import { startDeadline } from "./deadline.server.ts";
import type { Deadline } from "./deadline.server.ts";
import { isLoopbackSwitched, isPortAllowed } from "./endpoint-url.ts";
import type { ErrorCode } from "./error-class.ts";
import { exchange, noAnswer } from "./exchange.server.ts";
import type { Received } from "./exchange.server.ts";
import { createResolver, systemLookUp } from "./resolve.server.ts";
import type { LookUp } from "./resolve.server.ts";
import { retryAfterMs } from "./retry-after.ts";
import { verdictOf } from "./verdict.ts";
import type { Verdict } from "./verdict.ts";

/** Sent with every request, whatever the subscription. */
export const STANDING_HEADERS = { "Content-Type": "application/json", "User-Agent": "Laurel-Webhook/1.0" };
/** Addresses of one name that one attempt may try, when a connection cannot be made. */
const MAX_ADDRESSES_TRIED = 3;

/**
 * `url` as stored; `headers` the signed and the merchant's own; `body` the exact bytes; `at` the time of the attempt by
 * the database's clock, which a date in Retry-After is compared with.
 */
export type OutgoingRequest = { url: URL; headers: Record<string, string>; body: Uint8Array; at: Date };

/** What came of it. `durationMs` by this machine's steady clock. */
export type SendResult = {
  verdict: Verdict;
  status: number | null;
  error: ErrorCode | null;
  retryAfterMs: number | null;
  durationMs: number;
  answer: string | null;
  answerHeaders: Record<string, string> | null;
};

export type SenderOptions = {
  /** Milliseconds over everything. */
  deadlineMs: number;
  /** The development switch: these hosts may be loopback, over http and on any port. */
  loopbackHosts: readonly string[];
  /** Seams for tests: another name server, another certificate authority. */
  lookUp?: LookUp;
  ca?: string;
};

/** Makes a sender with its own resolver and connections; `close()` ends them. */
export function createSender(options: SenderOptions) {
  const resolver = createResolver(options.lookUp ?? systemLookUp());
  const tick = () => performance.now();
  const connections = createConnections(options.ca === undefined ? { tick } : { tick, ca: options.ca });

  async function attempt({ url, headers, body }: OutgoingRequest, deadline: Deadline): Promise<Received> {
    const switched = isLoopbackSwitched(url, options.loopbackHosts);
    if (!switched && (url.protocol !== "https:" || !isPortAllowed(url))) return noAnswer("refused_address");
    const looked = switched ? resolver.resolveLoopback(url.hostname) : resolver.resolve(url.hostname);
    const found = looked instanceof Promise ? await deadline.race(looked) : looked;
    if (found === null) return noAnswer("dns");
    if (!found.ok) return noAnswer(found.error);
    let received = noAnswer("connect");
    for (const address of found.addresses.slice(0, MAX_ADDRESSES_TRIED)) {
      const { client, release } = connections.take(url.origin, address);
      received = await exchange(client, { path: url.pathname + url.search, headers, body }, deadline);
      release(received.status !== null && received.whole);
      if (received.status !== null || !received.nextAddress || deadline.over()) break;
    }
    return received;
  }

  return {
    /** Sends once. Never throws for anything that an endpoint or a network does. */
    async send(request: OutgoingRequest): Promise<SendResult> {
      const from = performance.now();
      const deadline = startDeadline(options.deadlineMs);
      const received = await attempt(request, deadline).finally(deadline.clear);
      return resultOf(received, request.at, Math.round(performance.now() - from));
    },
    /** Connections now, under way and kept for the next. */
    connections: () => connections.size(),
    close: () => connections.close(),
  };
}

export type Sender = ReturnType<typeof createSender>;

function resultOf(received: Received, at: Date, durationMs: number): SendResult {
  if (received.status === null) {
    const nothing = { status: null, retryAfterMs: null, answer: null, answerHeaders: null };
    return { ...verdictOf(received), ...nothing, durationMs };
  }
  const header = received.headers["retry-after"];
  const answeredAt = new Date(at.getTime() + durationMs);
  // Said more than once, by a proxy and by what is behind it, the longest holds.
  const waits = [header ?? []].flat().map((said) => retryAfterMs(said, answeredAt));
  const wait = waits.reduce((longest, ms) => (ms === null ? longest : Math.max(longest ?? 0, ms)), null);
  const { verdict, error } = verdictOf({ status: received.status, retryAfterMs: wait });
  return {
    verdict,
    status: received.status,
    error,
    retryAfterMs: verdict === "wait" ? wait : null,
    durationMs,
    answer: storableText(received.chunks),
    answerHeaders: storableHeaders(received.headers),
  };
}
