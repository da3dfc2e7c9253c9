// What the library answers beside the screens, and who may frame a page.
import { afterEach, describe, expect, test } from "vitest";
import { loader as authenticate } from "../../app/routes/auth.$.ts";
import { loader as login } from "../../app/routes/auth.login.tsx";
import { env } from "../../app/platform/env.server.ts";
import { addDocumentResponseHeaders } from "../../app/shopify/app.server.ts";
import { fromAdmin } from "./shopify-nearby.ts";

const visit = async (loader: typeof login | typeof authenticate, path: string): Promise<Response> => {
  const outcome: unknown = await loader({ request: fromAdmin(null, path), params: {}, context: {} }).catch(
    (thrown: unknown) => thrown,
  );
  return outcome instanceof Response ? outcome : new Response(null, { status: 204 });
};

describe("without Shopify admin around it", () => {
  test("the page that fetches a session token is whole", async () => {
    const answer = await visit(
      authenticate,
      "/auth/session-token?shop=laurel-demo.myshopify.com&shopify-reload=%2Fapp",
    );
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("app-bridge.js");
  });

  test("nobody is led out of the iframe to somebody else's page", async () => {
    const answer = await visit(
      authenticate,
      "/auth/exit-iframe?shop=laurel-demo.myshopify.com&exitIframe=https%3A%2F%2Fevil.example",
    );
    expect(answer.headers.get("Location") ?? "").not.toContain("evil.example");
    expect(await answer.text()).not.toContain("evil.example");
  });

  test("a named shop is led to its installation, and nothing else is", async () => {
    const answer = await visit(login, "/auth/login?shop=laurel-demo.myshopify.com");
    expect(answer.headers.get("Location")).toBe(
      "https://admin.shopify.com/store/laurel-demo/oauth/install?client_id=laurel-test-client-id",
    );
    for (const shop of ["evil.example", "laurel-demo.myshopify.com.evil.example", "//evil.example", ""])
      expect((await visit(login, `/auth/login?shop=${encodeURIComponent(shop)}`)).status).toBe(204);
  });

  test("a robot is told to go", async () => {
    const request = fromAdmin(null, "/app");
    request.headers.set("User-Agent", "curl/8.0");
    const answer: unknown = await authenticate({ request, params: {}, context: {} }).catch(
      (thrown: unknown) => thrown,
    );
    expect(answer).toMatchObject({ status: 410 });
  });
});

describe("a document", () => {
  afterEach(() => void Reflect.deleteProperty(env(), "SHOPIFY_SIMULATOR_URL"));
  const headersFor = (path: string) => {
    const headers = new Headers();
    addDocumentResponseHeaders(fromAdmin(null, path), headers);
    return headers;
  };

  test("may be framed by its shop and Shopify admin", () => {
    const policy = headersFor("/app?shop=laurel-demo.myshopify.com").get("Content-Security-Policy");
    expect(policy).toContain("frame-ancestors https://laurel-demo.myshopify.com https://admin.shopify.com");
    expect(policy).not.toContain("localhost");
  });

  test("may be framed by the stand-in where one is named, and then preloads nothing from Shopify", () => {
    Object.assign(env(), { SHOPIFY_SIMULATOR_URL: "http://localhost:4000/" });
    const headers = headersFor("/app?shop=laurel-demo.myshopify.com");
    expect(headers.get("Content-Security-Policy")).toMatch(/^frame-ancestors .* http:\/\/localhost:4000;$/);
    expect(headers.get("Link")).toBeNull();
  });
});
