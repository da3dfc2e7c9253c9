// Ready: this process may be sent traffic. 200, or 503 with what is missing.
import { readiness } from "../platform/readiness.server.ts";

export async function loader() {
  const state = await readiness();
  return Response.json(state, { status: state.ready ? 200 : 503, headers: { "Cache-Control": "no-store" } });
}
