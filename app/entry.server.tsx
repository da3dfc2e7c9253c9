// Draws a page on the server: streamed to people, whole to crawlers.
import { PassThrough } from "node:stream";
import { createReadableStreamFromReadable, type EntryContext } from "@remix-run/node";
import { isRouteErrorResponse, RemixServer } from "@remix-run/react";
import { isbot } from "isbot";
import { renderToPipeableStream } from "react-dom/server";
import { log } from "./platform/log.server.ts";
import { addDocumentResponseHeaders } from "./shopify/app.server.ts";

// The web server hands Shopify's webhooks to this, past the routes.
export { answerWebhook } from "./inbound/answer-webhook.server.ts";
// The web server closes through this what the routes opened: the build holds modules of its own.
export { shutdown } from "./platform/shutdown.server.ts";

export const streamTimeout = 5_000;

export default async function drawPage(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
): Promise<Response> {
  // Who may frame the page, and what the browser fetches early.
  addDocumentResponseHeaders(request, headers);
  const moment = isbot(request.headers.get("User-Agent")) ? "onAllReady" : "onShellReady";
  return new Promise((resolve, reject) => {
    let answer = status;
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={remixContext} url={request.url} />, {
      [moment]: () => {
        const body = new PassThrough();
        headers.set("Content-Type", "text/html; charset=utf-8");
        resolve(new Response(createReadableStreamFromReadable(body), { headers, status: answer }));
        pipe(body);
      },
      onShellError: reject,
      onError: (error) => {
        answer = 500;
        log.error("page.failed", { path: new URL(request.url).pathname }, error);
      },
    });
    // A second later than the loaders' own limit, so that their error still reaches the page.
    setTimeout(abort, streamTimeout + 1_000).unref();
  });
}

/** Errors of loaders and actions. Never the request: its address may carry a token. */
export function handleError(error: unknown, { request }: { request: Request }): void {
  // A wrong address is the visitor's affair.
  if (isRouteErrorResponse(error)) return;
  if (!request.signal.aborted) log.error("request.failed", { path: new URL(request.url).pathname }, error);
}
