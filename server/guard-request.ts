// What every answer carries unless its handler says otherwise, and what no handler but that of webhooks is given.
import type { IncomingMessage, ServerResponse } from "node:http";

/** Forms and API bodies are far below it (the API refuses above 64 KiB). */
export const REQUEST_BYTES_MAX = 1024 * 1024;

const ON_EVERY_ANSWER = {
  "X-Content-Type-Options": "nosniff",
  // The pages that Shopify admin frames say so themselves.
  "Content-Security-Policy": "frame-ancestors 'none'",
};

/**
 * Adds the headers that the handler did not set, when it answers: what is set before would be joined with what Remix
 * sets, and a browser obeys the strictest of two policies.
 */
export function fillHeaders(request: IncomingMessage, response: ServerResponse): void {
  const screens = /^\/app(?:[/?.]|$)/.test(request.url ?? "");
  const missing = { ...ON_EVERY_ANSWER, ...(screens && { "Cache-Control": "no-store" }) };
  const writeHead = response.writeHead.bind(response) as (...given: unknown[]) => ServerResponse;
  response.writeHead = (...given: unknown[]) => {
    for (const [name, value] of Object.entries(missing))
      if (!response.hasHeader(name)) response.setHeader(name, value);
    return writeHead(...given);
  };
}

/**
 * Refuses a body of more than `REQUEST_BYTES_MAX`: at once where its header says so (then the answer is given), else
 * where it grows beyond. Nothing is kept here.
 * @returns true when the request is refused already
 */
export function refuseLongBody(request: IncomingMessage, response: ServerResponse): boolean {
  if (Number(request.headers["content-length"] ?? 0) > REQUEST_BYTES_MAX) {
    refuse(response);
    return true;
  }
  // Node holds a body to the length that its header says.
  if (request.headers["transfer-encoding"] === undefined) return false;
  let length = 0;
  request.on("data", (part: Uint8Array) => {
    length += part.byteLength;
    if (length > REQUEST_BYTES_MAX && !response.writableEnded) refuse(response);
  });
  // Only counted: it flows when its reader asks for it.
  request.pause();
  return false;
}

/**
 * Refuses TRACE: the standard's `Request`, by which every page and the API are asked, cannot have this method.
 * @returns true when the request is refused already
 */
export function refuseTrace(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.method !== "TRACE") return false;
  response.writeHead(501, { "Content-Type": "text/plain" }).end("Not implemented\n");
  return true;
}

function refuse(response: ServerResponse): void {
  // Node closes the connection after the answer, and what still comes with it.
  if (response.headersSent) response.destroy();
  else response.writeHead(413, { "Content-Type": "text/plain", Connection: "close" }).end("Body too long\n");
}
