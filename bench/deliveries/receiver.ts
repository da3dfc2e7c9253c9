// The merchants of the bench, in a process of their own: by its path an endpoint is healthy, dead, or hangs; a timed one
// keeps when each event first came to it. Tells whoever forked it.
import { createServer } from "node:http";

/** What the bench asks for. */
export type Ask = "count" | "arrivals" | "forget";
/** What it is told. Arrivals: `<path> <webhook-id>` and milliseconds since the epoch, with fractions. */
export type Told = { port: number } | { count: number } | { arrivals: [string, number][] };

const arrivals = new Map<string, number>();
let count = 0;

const server = createServer((request, response) => {
  const path = request.url ?? "";
  request.resume();
  if (path.startsWith("/hangs")) return;
  if (path.startsWith("/timed")) {
    const key = `${path} ${String(request.headers["webhook-id"])}`;
    if (!arrivals.has(key)) arrivals.set(key, performance.timeOrigin + performance.now());
  }
  request.on("end", () => {
    count += 1;
    response.statusCode = path.startsWith("/dead") ? 500 : 200;
    response.end("ok");
  });
});

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
