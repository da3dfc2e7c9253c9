// The HTTP listener of the web process: webhooks, assets from the build, everything else to Remix, bodies untouched.
import type { RequestListener } from "node:http";
import { join } from "node:path";
import { createRequestHandler } from "@remix-run/express";
import express, { type ErrorRequestHandler } from "express";
import type { ServerBuild } from "@remix-run/node";
import { WEBHOOKS_PATH } from "../app/inbound/path.ts";
import { log } from "../app/platform/log.server.ts";
import { fillHeaders, refuseLongBody, refuseTrace } from "./guard-request.ts";
import { ROOT } from "./variables.ts";

export type Pages = {
  build: ServerBuild | (() => Promise<ServerBuild>);
  /** Answers Shopify's webhooks. */
  webhooks: RequestListener;
  before?: express.RequestHandler;
};

/**
 * No body is parsed here: a webhook's signature is over its raw bytes, and who reads them bounds them while they stream.
 * No access log either: addresses carry tokens.
 */
export function createListener({ build, webhooks, before }: Pages): RequestListener {
  const app = express();
  app.disable("x-powered-by");
  // A proxy on this machine or in this private network tells the visitor's address and scheme; nobody else is believed.
  app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);
  if (before) app.use(before);
  else {
    const client = join(ROOT, "build", "client");
    // Their names change with their content.
    app.use(
      "/assets",
      express.static(join(client, "assets"), { immutable: true, maxAge: "1y", fallthrough: false }),
    );
    app.use(express.static(client, { maxAge: "1h", index: false }));
  }
  const answer = createRequestHandler({ build, mode: process.env["NODE_ENV"] ?? "production" });
  // No pattern: Express would decode the address for it, and refuse what the API has an answer for.
  app.use((request, response, next) => void answer(request, response, next));
  app.use(refuse);
  return (request, response) => {
    fillHeaders(request, response);
    if (request.url?.startsWith(WEBHOOKS_PATH)) webhooks(request, response);
    else if (!refuseTrace(request, response) && !refuseLongBody(request, response)) app(request, response);
  };
}

// Four arguments are how Express knows that this answers errors.
const refuse: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  const status = statusOf(error);
  if (status >= 500) log.error("request.failed", { status }, error);
  if (response.headersSent) return next(error);
  response
    .status(status)
    .type("text/plain")
    .send(status === 404 ? "Not found\n" : status < 500 ? "Bad request\n" : "Failed\n");
};

function statusOf(error: unknown): number {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 500;
  return status >= 400 && status < 600 ? status : 500;
}
