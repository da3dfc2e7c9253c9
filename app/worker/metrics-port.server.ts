// What a worker counts (attempts and how long they took), for Prometheus, on a port of its own where one is set.
import { createServer } from "node:http";
import { exposeMetrics, mayReadMetrics } from "../platform/expose-metrics.server.ts";
import { env } from "../platform/env.server.ts";
import { log } from "../platform/log.server.ts";

/** Serves `GET /metrics` on WORKER_PORT; nothing without it. The caller closes it. */
export function openMetricsPort(): { close: () => Promise<void> } {
  const port = env().WORKER_PORT;
  if (port === undefined) return { close: () => Promise.resolve() };
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") return void response.writeHead(404).end();
    if (!mayReadMetrics(request.headers.authorization ?? null)) return void response.writeHead(401).end();
    void exposeMetrics().then(({ body, contentType }) => {
      response.writeHead(200, { "Content-Type": contentType, "Cache-Control": "no-store" }).end(body);
    });
  });
  server.on("error", (error) => log.error("metrics.unserved", { port }, error));
  server.listen(port, env().HOST);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
