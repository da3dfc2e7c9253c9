// The web process: serves the app on HOST:PORT and ends cleanly on SIGTERM.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import type { ServerBuild } from "@remix-run/node";
import { env } from "../app/platform/env.server.ts";
import { log } from "../app/platform/log.server.ts";
import { shutdown } from "../app/platform/shutdown.server.ts";
import { createListener, type Pages } from "./listener.ts";
import { endWith, loadDotEnv, ROOT } from "./variables.ts";

const HEADERS_WITHIN_MS = 5_000;
/** With the body: whoever sends slower holds memory and a socket for nothing. Node looks only as often as it is told. */
const REQUEST_WITHIN_MS = 10_000;
const LOOKED_AT_EVERY_MS = 1_000;
// Longer than a load balancer keeps an idle connection, so that it never sends into one that we close.
const KEEP_ALIVE_MS = 75_000;
const DRAIN_MS = 10_000;

// The build holds modules of its own: what it opened is reached, and closed, through its entry.
type Entry = {
  answerWebhook: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  shutdown: () => Promise<void>;
};
type LaurelBuild = ServerBuild & { entry: { module: Entry } };

async function openPages(server: Server, dev: boolean): Promise<Pages & { close: () => Promise<void> }> {
  if (!dev) {
    const build = (await import(pathToFileURL(`${ROOT}/build/server/index.js`).href)) as LaurelBuild;
    const { answerWebhook, shutdown: close } = build.entry.module;
    return { build, webhooks: (request, response) => void answerWebhook(request, response), close };
  }
  const { createServer: createVite } = await import("vite");
  const vite = await createVite({ root: ROOT, server: { middlewareMode: true, hmr: { server } } });
  const load = async () => (await vite.ssrLoadModule("virtual:remix/server-build")) as LaurelBuild;
  return {
    build: load,
    webhooks: (request, response) =>
      void load().then(
        ({ entry }) => entry.module.answerWebhook(request, response),
        () => response.writeHead(500).end(),
      ),
    before: (request, response, next) => vite.middlewares(request, response, next),
    close: async () => {
      await (await load()).entry.module.shutdown();
      await vite.close();
    },
  };
}

async function serve(): Promise<void> {
  const { HOST, PORT } = env();
  const server = createServer({
    headersTimeout: HEADERS_WITHIN_MS,
    requestTimeout: REQUEST_WITHIN_MS,
    connectionsCheckingInterval: LOOKED_AT_EVERY_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
  });
  const pages = await openPages(server, process.argv.includes("--dev"));
  server.on("request", createListener(pages));
  server.once("error", endWith);
  server.listen(PORT, HOST, () => {
    const { port } = server.address() as AddressInfo;
    log.info("web.listening", { host: HOST, port });
    process.send?.({ listening: `http://${HOST === "0.0.0.0" ? "127.0.0.1" : HOST}:${port}` });
  });
  const stop = () => void end(server, pages.close);
  process.once("SIGTERM", stop).once("SIGINT", stop);
}

/** Accepts nothing more, lets what runs finish for ten seconds, closes the database and the queue, and ends. */
async function end(server: Server, closePages: () => Promise<void>): Promise<void> {
  const drained = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await drained;
  clearTimeout(timer);
  await closePages();
  await shutdown();
  log.info("web.ended");
  process.exit(0);
}

process.chdir(ROOT);
loadDotEnv();
// Started by hand, it is meant for real as under `npm start`: nothing that weakens is taken.
process.env["NODE_ENV"] ??= process.argv.includes("--dev") ? "development" : "production";
await serve().catch(endWith);
