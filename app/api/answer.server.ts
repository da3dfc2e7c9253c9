// A request to the API, from its key to its answer: who asks, how fast, what they may, what they ask, and once.
import type { ShopId } from "../loyalty/ids.ts";
import { accept, refuse } from "../loyalty/refusal.ts";
import type { Refusal, Result } from "../loyalty/refusal.ts";
import { now } from "../platform/clock.server.ts";
import { log } from "../platform/log.server.ts";
import { metrics } from "../platform/metrics.server.ts";
import { findApiKey } from "../shops/api-keys.server.ts";
import type { ApiScopes } from "../shops/api-areas.ts";
import { carryOut } from "./carry-out.server.ts";
import { IDEMPOTENCY_HEADER, isIdempotencyKey } from "./idempotency.server.ts";
import type { Answered } from "./idempotency.server.ts";
import { methodsOf, operationFor } from "./operations.server.ts";
import type { Found } from "./operations.server.ts";
import { MEDIA_TYPE } from "./operation.ts";
import type { Operation } from "./operation.ts";
import { problemOf, statusOf, TOO_MANY } from "./problem.ts";
import type { Fault } from "./problem.ts";
import { pace, paceHeaders } from "./rate-limit.ts";
import { parseBody, readQuery, readRaw } from "./read-request.server.ts";

type Headers = Record<string, string>;
type Asking = {
  id: string;
  shopId: ShopId;
  scopes: ApiScopes;
  allowed: "yes" | "plan_too_low" | "shop_read_only";
};
type Asked = { readonly request: Request; readonly url: URL; readonly found: Found | null };
type AskedWithKey = Asked & { readonly key: Asking; readonly headers: Headers };

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

function failed({ request, url }: Asked, error: unknown, headers: Headers = {}): Response {
  log.error("api.failed", { method: request.method, path: url.pathname }, error);
  return no([refuse("failed")], headers);
}

const nameOf = ({ found }: Asked) => found?.operation.id ?? "unknown";

/** Answers any request below /v1/ that needs a key. Never throws: what fails is logged and answered with 500. */
export async function answerApi(request: Request): Promise<Response> {
  const url = new URL(request.url);
  // Whoever asks for headers only gets those of GET; the server leaves the body out.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const asked = { request, url, found: operationFor(method, url.pathname) };
  const response = await answerAnybody(asked);
  metrics.apiRequests.inc({ operation: nameOf(asked), status: String(response.status) });
  return response;
}

async function answerAnybody(asked: Asked): Promise<Response> {
  try {
    const key = await keyOf(asked.request);
    return key.ok ? await answerWithKey(asked, key.value) : no([key], { "WWW-Authenticate": "Bearer" });
  } catch (error) {
    return failed(asked, error);
  }
}

async function keyOf(request: Request): Promise<Result<Asking>> {
  const text = (request.headers.get("Authorization") ?? "").replace(/^Bearer\s+/i, "").trim();
  if (text === "") return refuse("api_key_missing");
  const key = await findApiKey(text);
  return key === null ? refuse("api_key_unknown") : accept(key);
}

async function answerWithKey(asked: Asked, key: Asking): Promise<Response> {
  const at = now().getTime();
  const paced = pace(key.id, at);
  const headers = paceHeaders(paced);
  const response = paced.allowed
    ? await answerPaced({ ...asked, key, headers }).catch((error: unknown) => failed(asked, error, headers))
    : no([refuse("too_many_requests")], headers);
  log.info("api.answered", {
    shop: key.shopId,
    key: key.id,
    operation: nameOf(asked),
    status: response.status,
    ms: now().getTime() - at,
  });
  return response;
}

async function answerPaced(asked: AskedWithKey): Promise<Response> {
  const { url, headers, found } = asked;
  if (found === null) {
    const methods = methodsOf(url.pathname);
    if (methods.length === 0) return no([refuse("path_unknown")], headers);
    return no([refuse("method_not_allowed")], { ...headers, Allow: methods.join(", ") });
  }
  const forbidden = whyNot(asked.key, found.operation);
  if (forbidden !== null) return no([refuse(forbidden)], headers);
  return answerOperation(asked, found);
}

function whyNot({ allowed, scopes }: Asking, { area, access }: Operation): Refusal | null {
  if (allowed === "plan_too_low") return "plan_too_low";
  const granted = scopes[area];
  if (granted === undefined || (access === "full" && granted !== "full")) return "api_key_may_not";
  return access === "full" && allowed === "shop_read_only" ? "shop_read_only" : null;
}

async function answerOperation(asked: AskedWithKey, { operation, params }: Found): Promise<Response> {
  const { request, url, headers } = asked;
  const { shopId, id: keyId } = asked.key;
  const query = readQuery(operation, url);
  if (!query.ok) return no(query.faults, headers);
  const raw = await readRaw(operation, request);
  if (!raw.ok) return no(raw.faults, headers);
  const body = parseBody(operation, raw.value);
  if (!body.ok) return no(body.faults, headers);
  const key = operation.method === "GET" ? null : request.headers.get(IDEMPOTENCY_HEADER);
  if (key !== null && !isIdempotencyKey(key)) {
    return no([{ ...refuse("request_invalid"), header: IDEMPOTENCY_HEADER }], headers);
  }
  const call = {
    shopId,
    within: shopId,
    keyId,
    params,
    query: query.value,
    body: body.value,
    bodyAt: body.at,
    idempotencyKey: key,
    url,
  };
  const write = { shopId, method: request.method, path: url.pathname, raw: raw.value };
  const isSecret = operation.tellsSecret ?? false;
  const done = await carryOut(operation, call, key === null ? null : { ...write, key, isSecret });
  if (!done.ok) return no([{ ...done, ...whereToLook(done.refusal, operation) }], headers);
  const { replayed } = done.value;
  const replay = replayed === undefined ? {} : { "Idempotency-Replayed": String(replayed) };
  return answer(done.value, { ...headers, ...replay });
}

const whereToLook = (refusal: Refusal, { seenAt }: Operation) =>
  refusal === "idempotency_outcome_unknown" && seenAt !== undefined ? { detail: `See ${seenAt}` } : {};
