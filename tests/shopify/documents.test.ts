// Every GraphQL document of the app: tagged, named, and valid against the part of Shopify's schema that is at hand.
import { globSync, readFileSync } from "node:fs";
import { buildSchema, parse, validate, Kind } from "graphql";
import { expect, test } from "vitest";
import { ADMIN_SCHEMA } from "../../demo/shopify/admin-schema.ts";

const schema = buildSchema(ADMIN_SCHEMA);
const documents = globSync("app/**/*.{ts,tsx}").flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/`#graphql\n([^`]*)`/g)].map((found) => ({
    file,
    text: found[1] ?? "",
  })),
);

test("there are documents to check", () => {
  expect(documents.length).toBeGreaterThan(0);
});

test.each(documents)("a document of $file is valid, named and whole", ({ text }) => {
  const document = parse(text);
  expect(text).not.toContain("${");
  expect(validate(schema, document)).toEqual([]);
  for (const one of document.definitions)
    if (one.kind === Kind.OPERATION_DEFINITION) expect(one.name).toBeDefined();
});
