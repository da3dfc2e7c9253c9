// `npm start`: web and worker in one command. `npm run dev` is the same with pages built as they are asked for.
import { startLaurel } from "./laurel.ts";
import { endWith, loadDotEnv } from "./variables.ts";

loadDotEnv();
const report = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const laurel = await startLaurel({ dev: process.argv.includes("--dev"), report });
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
