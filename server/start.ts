// `npm start`: web and worker in one command. `npm run dev` is the same with pages built as they are asked for.
import { startLaurel } from "./laurel.ts";
import { endWith, loadDotEnv } from "./variables.ts";

loadDotEnv();
const dev = process.argv.includes("--dev");
// What nobody says is meant for real: then nothing that weakens is taken, and pages are drawn at full speed.
process.env["NODE_ENV"] ??= dev ? "development" : "production";
const report = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const laurel = await startLaurel({ dev, report });
  report(`Laurel listens on ${laurel.url}`);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void laurel.stop().then(() => process.exit(0), endWith);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
} catch (error) {
  endWith(error);
}
