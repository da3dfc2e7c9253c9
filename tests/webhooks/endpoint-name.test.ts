// A merchant who enters a name that leads nowhere, or inside, is told at once.
import { expect, test } from "vitest";
import { refuseName } from "../../app/webhooks/endpoint-name.server.ts";

const names: Record<string, string[]> = {
  "shop.example.com": ["93.184.215.14"],
  "inside.example.com": ["10.0.0.7"],
  "both.example.com": ["93.184.215.14", "192.168.1.1"],
};
const lookUp = (host: string) => Promise.resolve(names[host] ?? []);

test.each([
  ["https://shop.example.com/hooks", null],
  ["https://nowhere.example.com/hooks", "url_unresolvable"],
  // Not told apart: whether the name exists inside is nobody's business.
  ["https://inside.example.com/hooks", "url_unresolvable"],
  ["https://both.example.com/hooks", "url_unresolvable"],
  ["https://10.0.0.7/hooks", null],
  ["not an address", null],
])("%s → %s", async (url, refusal) => {
  const refused = await refuseName(url, lookUp);
  expect(refused?.refusal ?? null).toBe(refusal);
  if (refused !== null) expect(refused.field).toBe("url");
});

test("a look-up that fails is told as a name that could not be found", async () => {
  const failing = () => Promise.reject(new Error("no answer"));
  expect(await refuseName("https://shop.example.com", failing)).toMatchObject({
    refusal: "url_unresolvable",
  });
});
