// What the app asks, and what the stand-in answers, held against Shopify's published Admin schema (2026-10).
import { globSync, readFileSync } from "node:fs";
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  NoDeprecatedCustomRule,
  parse,
  specifiedRules,
  validate,
  type GraphQLNamedType,
  type GraphQLSchema,
} from "graphql";
import { expect, test } from "vitest";
import { ADMIN_SCHEMA } from "../../demo/shopify/admin-schema.ts";
import { publishedSchema } from "./published-schema.ts";

const published = await publishedSchema();
const ours = buildSchema(ADMIN_SCHEMA);
const documents = globSync("app/**/*.{ts,tsx}").flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/`#graphql\n([^`]*)`/g)].map((found) => ({
    file,
    text: found[1] ?? "",
  })),
);

test("the published schema is whole", () => {
  expect(Object.keys(published.getTypeMap()).length).toBeGreaterThan(3000);
});

test.each(documents)(
  "what $file asks is in Shopify's schema, and nothing of it is deprecated",
  ({ text }) => {
    expect(validate(published, parse(text), [...specifiedRules, NoDeprecatedCustomRule])).toEqual([]);
  },
);

/** Everything that a type promises, one line each: fields with types and arguments, values, members. */
function promisesOf(type: GraphQLNamedType, schema: GraphQLSchema): string[] {
  if (isObjectType(type) || isInterfaceType(type)) {
    const lines = Object.values(type.getFields()).flatMap((field) => [
      `${field.name}: ${String(field.type)}`,
      ...field.args.map((argument) => `${field.name}(${argument.name}: ${String(argument.type)})`),
    ]);
    return [...lines, ...type.getInterfaces().map((one) => `implements ${one.name}`)];
  }
  if (isInputObjectType(type))
    return Object.values(type.getFields()).map((field) => `${field.name}: ${String(field.type)}`);
  if (isEnumType(type)) return type.getValues().map((value) => value.name);
  if (isUnionType(type)) return schema.getPossibleTypes(type).map((member) => member.name);
  return ["scalar"];
}

const names = Object.keys(ours.getTypeMap()).filter((name) => !name.startsWith("__"));

test.each(names)("the stand-in's %s promises nothing that Shopify's does not", (name) => {
  const mine = ours.getType(name);
  const theirs = published.getType(name);
  if (!mine || !theirs) throw new Error(`Shopify has no type ${name}`);
  expect(theirs.constructor.name).toBe(mine.constructor.name);
  const known = new Set(promisesOf(theirs, published));
  expect(promisesOf(mine, ours).filter((promise) => !known.has(promise))).toEqual([]);
});

test("no argument that Shopify demands is left out of the stand-in's fields", () => {
  for (const name of names) {
    const [mine, theirs] = [ours.getType(name), published.getType(name)];
    if (!isObjectType(mine) || !isObjectType(theirs)) continue;
    for (const field of Object.values(mine.getFields())) {
      const demanded =
        theirs.getFields()[field.name]?.args.filter((argument) => String(argument.type).endsWith("!")) ?? [];
      const given = new Set(field.args.map((argument) => argument.name));
      expect(demanded.map((argument) => argument.name).filter((one) => !given.has(one))).toEqual([]);
    }
  }
});
