// An integrator with a key: asks the API as over HTTP, and holds every answer against the OpenAPI document.
import Ajv from "ajv";
import { expect } from "vitest";
import { answerApi } from "../../app/api/answer.server.ts";
import type { Response as Described } from "../../app/api/openapi.ts";
import { openApiDocument } from "../../app/api/openapi.server.ts";
import { methodsOf, operationFor } from "../../app/api/operations.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { createApiKey } from "../../app/shops/create-api-key.server.ts";
import type { ApiScopes } from "../../app/shops/api-areas.ts";
import { aShop } from "../orders/a-shop.ts";

export const ORIGIN = "https://laurel.example";
const document = openApiDocument(ORIGIN);
const ajv = new Ajv({ allErrors: true, schemaId: "auto", unknownFormats: "ignore" });

/** The document's objects are open to fields that are added later; whatever is answered today is described today. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (node === null || typeof node !== "object") return node;
  const inner = Object.fromEntries(Object.entries(node).map(([name, part]) => [name, closed(part)]));
  return "properties" in node && !("additionalProperties" in node)
    ? { ...inner, additionalProperties: false }
    : inner;
}
ajv.addSchema(closed(JSON.parse(JSON.stringify({ components: document.components }))) as object, "doc");

const carriedOut = new Set<string>();
/** The ids of the operations that this file's tests had carried out so far. */
export const operationsCarriedOut = () => [...carriedOut].sort();
/** Those that the document has. */
export const operationsDescribed = () =>
  Object.values(document.paths)
    .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    .sort();

export const EVERYTHING: ApiScopes = { customers: "full", events: "full", webhooks: "full" };

/** A shop on Growth with its program. */
export async function growthShopWithProgram(): Promise<ShopId> {
  const shop = await aShop();
  await inShop(shop, (tx) =>
    tx.db.shop.update({ where: { id: shop }, data: { plan: "growth", sendsWebhooks: true } }),
  );
  return shop;
}

export type Answer = { status: number; headers: Headers; body: Body };
type Resource = { type: string; id: string; attributes: Record<string, unknown> };
type Body = {
  data: Resource & Resource[];
  meta: Record<string, unknown>;
  links: { next: string | null; prev: string | null };
  errors: { status: string; code: string; title: string; detail?: string; source?: object }[];
};
type Sent = { body?: unknown; headers?: Record<string, string> };
export type Ask = (method: string, path: string, sent?: Sent) => Promise<Answer>;

/** A new key of the shop, and the way to ask with it. */
export async function integrator(
  shop: ShopId,
  scopes: ApiScopes = EVERYTHING,
): Promise<{ ask: Ask; key: string }> {
  const created = await createApiKey(shop, { name: "Test", scopes });
  if (!created.ok) throw new Error(created.refusal);
  const { key } = created.value;
  const ask: Ask = (method, path, { body, headers } = {}) =>
    askWith(method, path, {
      headers: {
        Authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  return { ask, key };
}

/** Asks, and fails where the answer is not as the document says. */
export async function askWith(method: string, path: string, init: RequestInit): Promise<Answer> {
  const response = await answerApi(new Request(`${ORIGIN}${path}`, { ...init, method }));
  const body = (await response.json()) as Body;
  expect(response.headers.get("Content-Type")).toBe("application/vnd.api+json");
  expect(response.headers.get("Cache-Control")).toBe("no-store");
  checkAgainstDocument(method, path, response, body);
  return { status: response.status, headers: response.headers, body };
}

function checkAgainstDocument(method: string, path: string, response: Response, body: unknown): void {
  const { status, headers } = response;
  const described = answerDescribed(method, path, status);
  const asked = `${method} ${path} ${status}`;
  expect(described, `${asked} is not described`).toBeDefined();
  const [content] = Object.values(described?.content ?? {});
  const schema = closed(JSON.parse(JSON.stringify(content?.schema).replaceAll('"#/', '"doc#/'))) as object;
  expect(faultsIn(schema, body), asked).toEqual([]);
  const ofOurs = Object.keys(document.components.headers).filter((name) => headers.has(name));
  expect(Object.keys(described?.headers ?? {}), asked).toEqual(expect.arrayContaining(ofOurs));
}

function answerDescribed(method: string, path: string, status: number): Described | undefined {
  const { pathname } = new URL(path, ORIGIN);
  const found = operationFor(method, pathname);
  if (found === null && status !== 401) {
    const { NoAddress, NoMethod } = document.components.responses;
    return methodsOf(pathname).length === 0 ? NoAddress : NoMethod;
  }
  const { id, path: template } = found?.operation ?? { id: "", path: "" };
  if (status < 300) carriedOut.add(id);
  return document.paths[template]?.[method.toLowerCase()]?.responses[status];
}

function faultsIn(schema: object, body: unknown): unknown[] {
  return ajv.validate(schema, body) ? [] : (ajv.errors ?? ["unknown"]);
}
