// `npm run worker`: a worker alone, as many as wanted, on one machine or several.
import { endWith, loadDotEnv } from "./variables.ts";

loadDotEnv();
// What nobody says is meant for real: then nothing that weakens is taken.
process.env["NODE_ENV"] ??= "production";
try {
  // Only now: what it imports reads the environment.
  await import("../app/worker/main.server.ts");
} catch (error) {
  endWith(error);
}
