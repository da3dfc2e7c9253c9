// The OpenAPI document: whole, of every operation, and served with its page.
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { openApiDocument } from "../../app/api/openapi.server.ts";
import { methodsOf, OPERATIONS, operationFor } from "../../app/api/operations.server.ts";
import { serveDocument } from "../../app/api/serve-document.server.ts";
import { asyncApiDocument } from "../../app/events/asyncapi.ts";

const document = openApiDocument("https://laurel.example");
const described = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

test("it is OpenAPI 3.1 by the specification's own schema", async () => {
  const plain = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
  expect(plain["openapi"]).toMatch(/^3\.1\./);
  expect(await new Validator().validate(plain)).toEqual({ valid: true });
});

test("every operation is described once, by an id of its own, with an answer and its refusals", () => {
  expect(described).toHaveLength(OPERATIONS.length);
  expect(new Set(described.map(({ operation }) => operation.operationId)).size).toBe(OPERATIONS.length);
  for (const { path, method, operation } of described) {
    const statuses = Object.keys(operation.responses);
    expect(
      statuses.filter((status) => status.startsWith("2")),
      operation.operationId,
    ).toHaveLength(1);
    expect(statuses, operation.operationId).toEqual(expect.arrayContaining(["401", "403", "429", "500"]));
    for (const { name } of operation.parameters.filter((parameter) => parameter.in === "path")) {
      expect(path).toContain(`{${name}}`);
    }
    const once = operation.parameters.some(({ name }) => name === "Idempotency-Key");
    expect(once, operation.operationId).toBe(method !== "get");
  }
});

test("every reference in it leads somewhere", () => {
  const text = JSON.stringify(document);
  for (const [, path = ""] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
    const found = path
      .split("/")
      .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document);
    expect(found, path).toBeDefined();
  }
});

test("a fixed word in an address wins over a parameter", () => {
  expect(operationFor("POST", "/v1/deliveries/replay")?.operation.id).toBe("replayDeliveries");
  expect(operationFor("POST", "/v1/deliveries/dlv_1/replay")).toMatchObject({ params: { id: "dlv_1" } });
  expect(operationFor("GET", "/v1/customers/ada%40example.com")?.params).toEqual({ id: "ada@example.com" });
  expect(operationFor("GET", "/v1/customers/")).toBeNull();
  expect(methodsOf("/v1/webhook-subscriptions/sub_1")).toEqual(["GET", "PATCH", "DELETE"]);
});

test.each([openApiDocument, asyncApiDocument])("it is served for this Laurel's own address", async (make) => {
  const response = serveDocument(make);
  expect(response.headers.get("Access-Control-Allow-Origin")).toBe("*");
  expect(JSON.stringify(await response.json())).toContain("http://localhost:3000");
});
