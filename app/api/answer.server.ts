// A request to the API, from its key to its answer: who asks, how fast, what they may, what they ask, and once.
import { refuse } from "../loyalty/refusal.ts";
import type { Refusal } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { log } from "../platform/log.server.ts";
import { metrics } from "../platform/metrics.server.ts";
import { findApiKey } from "../shops/api-keys.server.ts";
import type { ApiScopes } from "../shops/api-areas.ts";
import type { ShopId } from "../loyalty/ids.ts";
import { IDEMPOTENCY_KEY, once, TOO_MANY } from "./idempotency.server.ts";
import type { Answered } from "./idempotency.server.ts";
import { methodsOf, operationFor } from "./operations.server.ts";
import type { Call, Operation } from "./operation.ts";
import { problemOf, statusOf } from "./problem.ts";
import type { Fault } from "./problem.ts";
import { pace, paceHeaders } from "./rate-limit.ts";
import { parseBody, readQuery, readRaw } from "./read-request.server.ts";

const MEDIA_TYPE = "application/vnd.api+json";

type Headers = Record<string, string>;
type Asking = {
  id: string;
  shopId: ShopId;
  scopes: ApiScopes;
  allowed: "yes" | "plan_too_low" | "shop_read_only";
};
type Asked = { request: Request; url: URL; key: Asking; headers: Headers };

/** Seconds, where the pace does not know better. */
const ASK_AGAIN = { "Retry-After": "1" };

const answer = ({ status, body }: Answered, headers: Headers = {}) =>
  new Response(body, {
    status,
    headers: {
      "Content-Type": MEDIA_TYPE,
      "Cache-Control": "no-store",
      ...(status === TOO_MANY ? ASK_AGAIN : {}),
      ...headers,
    },
  });

function no(faults: readonly Fault[], headers: Headers = {}): Response {
  const [first] = faults;
  if (first === undefined) throw new Error("a refusal without a fault");
  return answer({ status: statusOf(first.refusal), body: JSON.stringify(problemOf(faults)) }, headers);
}

/** Answers any request below /v1/ that needs a key. Never throws: what fails is logged and answered with 500. */
export async function answerApi(request: Request): Promise<Response> {
  const url = new URL(request.url);
  try {
    return await answerWithKey(request, url);
  } catch (error) {
    log.error("api.failed", { method: request.method, path: url.pathname }, error);
    return no([refuse("failed")]);
  }
}

async function answerWithKey(request: Request, url: URL): Promise<Response> {
  const text = (request.headers.get("Authorization") ?? "").replace(/^Bearer\s+/i, "").trim();
  if (text === "") return no([refuse("api_key_missing")], { "WWW-Authenticate": "Bearer" });
  const key = await findApiKey(text);
  if (key === null) return no([refuse("api_key_unknown")], { "WWW-Authenticate": "Bearer" });
  const at = now();
  const paced = pace(key.id, at.getTime());
  const headers = paceHeaders(paced);
  // Whoever asks for headers only gets those of GET; the server leaves the body out.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const found = operationFor(method, url.pathname);
  const response = paced.allowed
    ? await answerPaced({ request, url, key, headers }, found)
    : no([refuse("too_many_requests")], headers);
  const operation = found?.operation.id ?? "unknown";
  metrics.apiRequests.inc({ operation, status: String(response.status) });
  log.info("api.answered", {
    shop: key.shopId,
    key: key.id,
    operation,
    status: response.status,
    ms: now().getTime() - at.getTime(),
  });
  return response;
}

async function answerPaced(asked: Asked, found: ReturnType<typeof operationFor>): Promise<Response> {
  const { url, headers } = asked;
  if (found === null) {
    const methods = methodsOf(url.pathname);
    if (methods.length === 0) return no([refuse("path_unknown")], headers);
    return no([refuse("method_not_allowed")], { ...headers, Allow: methods.join(", ") });
  }
  const forbidden = whyNot(asked.key, found.operation);
  if (forbidden !== null) return no([refuse(forbidden)], headers);
  return answerOperation(asked, found.operation, found.params);
}

function whyNot({ allowed, scopes }: Asking, { area, access }: Operation): Refusal | null {
  if (allowed === "plan_too_low") return "plan_too_low";
  const granted = scopes[area];
  if (granted === undefined || (access === "full" && granted !== "full")) return "api_key_may_not";
  return access === "full" && allowed === "shop_read_only" ? "shop_read_only" : null;
}

async function answerOperation(
  { request, url, key, headers }: Asked,
  operation: Operation,
  params: Record<string, string>,
): Promise<Response> {
  const query = readQuery(operation, url);
  if (!query.ok) return no(query.faults, headers);
  const raw = await readRaw(operation, request);
  if (!raw.ok) return no(raw.faults, headers);
  const body = parseBody(operation, raw.value);
  if (!body.ok) return no(body.faults, headers);
  const idempotencyKey = operation.method === "GET" ? null : request.headers.get("Idempotency-Key");
  if (idempotencyKey !== null && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    return no([{ ...refuse("request_invalid"), parameter: "Idempotency-Key" }], headers);
  }
  const { shopId, id: keyId } = key;
  const call = { shopId, keyId, params, query: query.value, body: body.value, idempotencyKey, url };
  const work = () => carryOut(operation, call);
  if (idempotencyKey === null) return answer(await work(), headers);
  const write = { shopId, key: idempotencyKey, method: request.method, path: url.pathname, raw: raw.value };
  const done = await once({ ...write, isSecret: operation.tellsSecret ?? false }, work);
  if (!done.ok) return no([done], headers);
  return answer(done.value, { ...headers, "Idempotency-Replayed": String(done.value.replayed) });
}

async function carryOut(operation: Operation, call: Call): Promise<Answered> {
  const done = await operation.run(call);
  if (!done.ok) return { status: statusOf(done.refusal), body: JSON.stringify(problemOf([done])) };
  return { status: operation.status, body: JSON.stringify(done.value) };
}
