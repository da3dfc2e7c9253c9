// Starts the receiver's process and speaks with it.
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { within } from "./patience.ts";

/** One request as it came. Times are epoch milliseconds of this machine. */
export type Came = {
  path: string;
  /** The header `webhook-id`; `sameIds` = X-Webhook-Id and the body say the same. */
  id: string;
  sameIds: boolean;
  bodyHash: string;
  at: number;
  /** The signed time minus the receiver's. */
  clockOffMs: number;
  status: number | null;
  answeredAt: number | null;
};

/** How requests `from`, `from + 1`, … (so many) of a round are answered; `afterMs` null = held until `release()`. */
export type Manner = { from: number; count: number; status: number; afterMs: number | null };

const Answer = z.object({ n: z.number(), value: z.unknown() });

export type ReceiverLink = {
  url: (round: string, subscription: number) => string;
  manner: (round: string, manner: Manner) => Promise<void>;
  /** Resolves when so many requests of the round were read, or answered. */
  reached: (round: string, count: number, answered?: boolean) => Promise<void>;
  release: (round: string) => Promise<void>;
  report: (round: string) => Promise<Came[]>;
  close: () => void;
};

/** Starts the receiver on a free port. What it is asked ends, or throws, within the run's patience. */
export async function startReceiver(): Promise<ReceiverLink> {
  const child = fork(join(import.meta.dirname, "receiver.ts"));
  const [port] = (await within("the receiver to listen", once(child, "message"))) as [number];
  const waiting = new Map<number, (value: unknown) => void>();
  let asked = 0;
  let closing = false;
  child.on("message", (message) => {
    const { n, value } = Answer.parse(message);
    waiting.get(n)?.(value);
    waiting.delete(n);
  });
  // Nothing kills it: its end is a bug of the harness, and everything after it would be guesswork.
  child.once("exit", (code) => {
    if (!closing) throw new Error(`the receiver ended (${code ?? "killed"})`);
  });
  const ask = (words: object, what = "an answer of the receiver") => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    asked += 1;
    waiting.set(asked, resolve);
    child.send({ ...words, n: asked });
    return within(what, promise);
  };
  return {
    url: (round, subscription) => `http://127.0.0.1:${port}/${round}/${subscription}`,
    manner: async (round, manner) => void (await ask({ ask: "manner", round, manner })),
    reached: async (round, count, answered = false) => {
      const what = `${answered ? "the answer to " : ""}request ${count} of the round`;
      await ask({ ask: "reached", round, count, answered }, what);
    },
    release: async (round) => void (await ask({ ask: "release", round })),
    report: async (round) => (await ask({ ask: "report", round })) as Came[],
    close: () => {
      closing = true;
      child.kill();
    },
  };
}
