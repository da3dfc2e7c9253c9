// Starts and stops an HTTP server of the demo, on loopback only.
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import type { Request, RequestHandler, Response } from "express";

export type Listening = { url: string; port: number; close: () => Promise<void> };

/** Listens on a port (0 takes a free one). Rejects with a sentence where the port is taken. */
export async function listen(handler: RequestListener, port: number): Promise<Listening> {
  const server = createServer(handler);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`Port ${port} is taken; choose others with --port N.`)
          : error,
      ),
    );
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    // Named localhost throughout: for a browser 127.0.0.1 is another site, whose frames may store nothing.
    url: `http://localhost:${bound}`,
    port: bound,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers only to local names, so that no foreign page reaches the demo by naming this address its own. */
export const localOnly: RequestHandler = (request, response, next) => {
  const local = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(request.headers.host ?? "");
  if (local) next();
  else response.status(421).type("text").send("The demo answers to localhost only.");
};

/** A handler that takes its time; what it throws goes to the error handler. */
export const inTime =
  (run: (request: Request, response: Response) => Promise<unknown>): RequestHandler =>
  (request, response, next) => {
    run(request, response).catch(next);
  };
