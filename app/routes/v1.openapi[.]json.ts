// The REST API described, for generators and test tools.
import { openApiDocument } from "../api/openapi.server.ts";
import { serveDocument } from "../api/serve-document.server.ts";

export const loader = () => serveDocument(openApiDocument);
