// `npm start`: web and worker in one command. `npm run dev` is the same with pages built as they are asked for.
import { startLaurel } from "./laurel.ts";
import { endWith, loadDotEnv } from "./variables.ts";

loadDotEnv();
const dev = process.argv.includes("--dev");
// What nobody says is meant for real: then nothing that weakens is taken, and pages are drawn at full speed.
process.env["NODE_ENV"] ??= dev ? "development" : "production";
const report = (line: string) => void process.stdout.write(`${line}\n`);

// Heard from the first moment: whoever ends it while it starts gets a clean end too, as soon as there is something to end.
const asked = new Promise<void>((resolve) =>
  process.on("SIGTERM", () => resolve()).on("SIGINT", () => resolve()),
);

try {
  const laurel = await startLaurel({ dev, report });
  report(`Laurel listens on ${laurel.url}`);
  await asked;
  await laurel.stop();
  process.exit(0);
} catch (error) {
  endWith(error);
}
