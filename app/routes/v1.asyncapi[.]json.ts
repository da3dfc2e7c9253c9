// The webhooks described, for generators and test tools.
import { asyncApiDocument } from "../events/asyncapi.ts";
import { serveDocument } from "../api/serve-document.server.ts";

export const loader = () => serveDocument(asyncApiDocument);
