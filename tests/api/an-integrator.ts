// An integrator with a key: asks the API as over HTTP, and holds every answer against the OpenAPI document.
import Ajv from "ajv";
import { expect } from "vitest";
import { answerApi } from "../../app/api/answer.server.ts";
import type { DescribedOperation } from "../../app/api/openapi.ts";
import { openApiDocument } from "../../app/api/openapi.server.ts";
import { operationFor } from "../../app/api/operations.server.ts";
import type { ShopId } from "../../app/loyalty/ids.ts";
import { inShop } from "../../app/platform/db.server.ts";
import { createApiKey } from "../../app/shops/create-api-key.server.ts";
import type { ApiScopes } from "../../app/shops/api-areas.ts";
import { aShop } from "../orders/a-shop.ts";

export const ORIGIN = "https://laurel.example";
const document = openApiDocument(ORIGIN);
const ajv = new Ajv({ allErrors: true, schemaId: "auto", unknownFormats: "ignore" });
ajv.addSchema(JSON.parse(JSON.stringify({ components: document.components })) as object, "doc");

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
  checkAgainstDocument(method, path, response.status, body);
  return { status: response.status, headers: response.headers, body };
}

function checkAgainstDocument(method: string, path: string, status: number, body: unknown): void {
  const found = operationFor(method, new URL(path, ORIGIN).pathname);
  if (found === null) {
    expect(faultsIn({ $ref: "doc#/components/schemas/Problem" }, body)).toEqual([]);
    return;
  }
  const described: DescribedOperation | undefined =
    document.paths[found.operation.path]?.[method.toLowerCase()];
  const answer = described?.responses[status];
  expect(answer, `${method} ${path} answered ${status}, which is not described`).toBeDefined();
  const [content] = Object.values(answer?.content ?? {});
  const schema = JSON.parse(JSON.stringify(content?.schema).replaceAll('"#/', '"doc#/')) as object;
  expect(faultsIn(schema, body), `${method} ${path} ${status}`).toEqual([]);
}

function faultsIn(schema: object, body: unknown): unknown[] {
  return ajv.validate(schema, body) ? [] : (ajv.errors ?? ["unknown"]);
}
