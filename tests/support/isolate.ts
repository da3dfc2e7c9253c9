// Before each test file that needs a database: a clone of the template, named in DATABASE_URL before the app is imported.
import "./environment.ts";
import { afterAll } from "vitest";
import { cloneTemplate } from "./clone.ts";

const clone = await cloneTemplate();
process.env["DATABASE_URL"] = clone.url;

afterAll(async () => {
  const { shutdown } = await import("../../app/platform/shutdown.server.ts");
  await shutdown();
  await clone.drop();
});
