// The migrations make exactly the tables that schema.prisma describes.
import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { runNode } from "../support/run-node.ts";

test("schema.prisma says nothing that the migrations do not make, and the other way round", async () => {
  const diff = runNode(
    [
      "node_modules/prisma/build/index.js",
      ...["migrate", "diff", "--exit-code", "--from-migrations", "prisma/migrations"],
      ...["--to-schema-datamodel", "prisma/schema.prisma"],
    ],
    { env: { DATABASE_URL: testDatabase().url } },
  );
  expect(await diff.ended, diff.output()).toBe(0);
}, 60_000);
