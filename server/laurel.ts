// The whole of Laurel as processes: database, migrations, web and worker. What `npm start`, the demo and the bench start.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { migrateDatabase } from "./migrate-database.ts";
import { openDatabase } from "./open-database.ts";
import { supervise, type Report } from "./supervise.ts";
import { refuseWeak, ROOT, type Variables } from "./variables.ts";

export type Laurel = {
  /** Where the web process listens, as `http://127.0.0.1:3000`. */
  url: string;
  databaseUrl: string;
  pids: () => { web: number | undefined; worker: number | undefined };
  /** Ends web and worker in order, then the embedded database if this start began it. */
  stop: () => Promise<void>;
};

export type StartOptions = {
  /** Added to this process's environment; `undefined` removes a variable. */
  env?: Variables;
  /** Vite builds each page when it is asked for, in place of the build. */
  dev?: boolean;
  /** Where the embedded database keeps its data; `.laurel/postgres` as a rule. */
  dataDir?: string;
  report?: Report;
};

const Listening = z.object({ listening: z.string() });
const LISTENS_WITHIN_MS = 60_000;

/**
 * Starts everything and waits until the web process listens.
 * Throws WeakEnvironment with one sentence per problem, and whatever keeps the database from starting.
 */
export async function startLaurel(options: StartOptions = {}): Promise<Laurel> {
  const report = options.report ?? (() => undefined);
  const variables: Variables = { ...process.env, ...options.env };
  refuseWeak(variables);
  refuseUnbuilt(options.dev ?? false);
  const database = await openDatabase(variables, options.dataDir);
  if (database.embedded) report("PostgreSQL runs (the project's own)");
  try {
    report(await migrateDatabase(database.url, !variables["REDIS_URL"]));
    const running = await startProcesses(
      { ...variables, DATABASE_URL: database.url },
      options.dev ?? false,
      report,
    );
    return {
      ...running,
      databaseUrl: database.url,
      stop: async () => {
        await running.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

async function startProcesses(
  variables: Variables,
  dev: boolean,
  report: Report,
): Promise<Omit<Laurel, "databaseUrl">> {
  const first = Promise.withResolvers<string>();
  const web = supervise(
    { name: "web", file: join(ROOT, "server/web.ts"), args: dev ? ["--dev"] : [], variables },
    report,
    (message) => {
      const { success, data } = Listening.safeParse(message);
      if (!success) return;
      // A port that was left to the system stays the same when the process is started again.
      variables["PORT"] = new URL(data.listening).port;
      first.resolve(data.listening);
    },
  );
  const worker = supervise(
    { name: "worker", file: join(ROOT, "server/worker.ts"), variables },
    report,
    () => undefined,
  );
  const stop = async () => void (await Promise.all([web.stop(), worker.stop()]));
  const timer = setTimeout(
    () => first.reject(new Error("The web process does not start; see above.")),
    LISTENS_WITHIN_MS,
  );
  try {
    const url = await first.promise;
    return { url, pids: () => ({ web: web.pid(), worker: worker.pid() }), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function refuseUnbuilt(dev: boolean): void {
  if (!dev && !existsSync(join(ROOT, "build/server/index.js")))
    throw new Error("There is no build: `npm run build` first.");
}
