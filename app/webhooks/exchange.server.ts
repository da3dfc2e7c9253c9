// One request and its answer on a connection: reads 64 KiB of a body at the most (the connection bounds all the rest),
// ends once, whatever the other side does.
import type { Dispatcher } from "undici";
import { KEPT_BYTES, MAX_READ_BYTES } from "./answer.server.ts";
import { classifyError } from "./classify-error.server.ts";
import { ConnectFailed } from "./connector.server.ts";
import type { Deadline } from "./deadline.server.ts";
import type { ErrorCode } from "./error-class.ts";

export type ReceivedHeaders = Readonly<Record<string, string | string[] | undefined>>;
/** An answer with the beginning of its body, `whole` where it ended there; or why there is none. `nextAddress`: nothing was sent. */
export type Received =
  | { status: number; headers: ReceivedHeaders; chunks: Uint8Array[]; whole: boolean }
  | { status: null; error: ErrorCode; nextAddress: boolean };

export const noAnswer = (error: ErrorCode, nextAddress = false): Received => ({
  status: null,
  error,
  nextAddress,
});

/** Posts `body` on a connection. Never throws; the deadline ends it with `timeout`. */
export function exchange(
  client: Dispatcher,
  request: { path: string; headers: Record<string, string>; body: Uint8Array },
  deadline: Deadline,
): Promise<Received> {
  return new Promise((settle) => {
    const handler = receiver(settle, deadline);
    const { path, headers, body } = request;
    try {
      client.dispatch({ path, method: "POST", headers, body }, handler);
    } catch (error) {
      settle(noAnswer(classifyError(error)));
    }
  });
}

function receiver(settle: (received: Received) => void, deadline: Deadline): Dispatcher.DispatchHandler {
  let running: Dispatcher.DispatchController | null = null;
  let ended = false;
  let status = 0;
  let headers: ReceivedHeaders = {};
  let read = 0;
  const chunks: Uint8Array[] = [];
  const end = (received: Received) => {
    if (!ended) settle(received);
    ended = true;
  };
  deadline.onOver(() => {
    end(noAnswer("timeout"));
    running?.abort(new Error("deadline"));
  });
  return {
    onRequestStart(controller) {
      running = controller;
      // Time was up while it waited for a connection: nothing of it is sent.
      if (ended) controller.abort(new Error("deadline"));
    },
    onResponseStart(_controller, code, received) {
      status = code;
      headers = received;
    },
    onResponseData(controller, chunk) {
      if (read < KEPT_BYTES) chunks.push(chunk);
      read += chunk.length;
      if (read < MAX_READ_BYTES) return;
      end({ status, headers, chunks, whole: false });
      controller.abort(new Error("longer than we read"));
    },
    onResponseEnd() {
      end({ status, headers, chunks, whole: true });
    },
    onResponseError(_controller, error) {
      end(noAnswer(classifyError(error), error instanceof ConnectFailed));
    },
  };
}
