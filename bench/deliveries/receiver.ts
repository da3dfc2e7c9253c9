// The merchants of the bench, in a process of their own: by its path an endpoint is healthy, dead, or hangs; a timed one
// keeps when each event first came to it. Tells whoever forked it.
// It shares the processors with what is measured, so it does as little as it can: it finds the end of a request and
// answers with what Node's server would.
import { createServer } from "node:net";
import type { Socket } from "node:net";

/** What the bench asks for. */
export type Ask = "count" | "arrivals" | "forget";
/** What it is told. Arrivals: `<path> <webhook-id>` and milliseconds since the epoch, with fractions. */
export type Told = { port: number } | { count: number } | { arrivals: [string, number][] };

const arrivals = new Map<string, number>();
let count = 0;

const HEAD_END = Buffer.from("\r\n\r\n");
const said = (status: string) =>
  Buffer.from(
    `HTTP/1.1 ${status}\r\nDate: ${new Date().toUTCString()}\r\nConnection: keep-alive\r\n` +
      "Keep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\nok",
  );
const [GOOD, BAD] = [said("200 OK"), said("500 Internal Server Error")];

const server = createServer((socket) => {
  let held: Buffer | null = null;
  socket.setNoDelay(true);
  socket.on("error", () => undefined);
  socket.on("data", (chunk) => {
    const bytes = held === null ? chunk : Buffer.concat([held, chunk]);
    held = takeRequests(socket, bytes);
  });
});

/** Answers the whole requests; what is left is the beginning of the next. */
function takeRequests(socket: Socket, bytes: Buffer): Buffer | null {
  for (let from = 0; ;) {
    const end = bytes.indexOf(HEAD_END, from);
    if (end < 0) return from < bytes.length ? bytes.subarray(from) : null;
    const head = bytes.toString("latin1", from, end);
    const next = end + HEAD_END.length + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (next > bytes.length) return bytes.subarray(from);
    answer(socket, head);
    from = next;
  }
}

function answer(socket: Socket, head: string): void {
  const path = head.slice(head.indexOf(" ") + 1, head.indexOf(" HTTP/"));
  if (path.startsWith("/hangs")) return;
  if (path.startsWith("/timed")) {
    const key = `${path} ${/\r\nwebhook-id: (\S+)/i.exec(head)?.[1] ?? ""}`;
    if (!arrivals.has(key)) arrivals.set(key, performance.timeOrigin + performance.now());
  }
  count += 1;
  socket.write(path.startsWith("/dead") ? BAD : GOOD);
}

const tell = (told: Told) => process.send?.(told);
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  tell({ port: typeof address === "object" ? (address?.port ?? 0) : 0 });
});
process.on("message", (ask: Ask) => {
  if (ask === "count") tell({ count });
  if (ask === "arrivals") tell({ arrivals: [...arrivals] });
  if (ask !== "forget") return;
  arrivals.clear();
  count = 0;
});
process.on("disconnect", () => process.exit(0));
