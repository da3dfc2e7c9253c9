// The documents about the API over HTTP: public, the same for everybody, and readable from other sites' tools.
import { asyncApiDocument } from "../events/asyncapi.ts";
import type { AsyncApi } from "../events/asyncapi.ts";
import { env } from "../platform/env.server.ts";
import type { OpenApi } from "./openapi.ts";
import { openApiDocument } from "./openapi.server.ts";

const MAX_AGE_S = 300;

// Where this Laurel runs.
const origin = () => new URL(env().SHOPIFY_APP_URL).origin;

/** The REST API's document, for the page that shows it. */
export function referenceDocument(): OpenApi {
  return openApiDocument(origin());
}

/** The webhooks' document, for the page that shows it. */
export function eventsDocument(): AsyncApi {
  return asyncApiDocument(origin());
}

/** Answers with a document as it is for this Laurel's own address. */
export function serveDocument(document: (origin: string) => object): Response {
  return Response.json(document(origin()), {
    headers: { "Cache-Control": `public, max-age=${MAX_AGE_S}`, "Access-Control-Allow-Origin": "*" },
  });
}
