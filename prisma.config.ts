// Lets Prisma's command line run on the engine that its npm package ships, over `pg`: nothing is downloaded.
import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";
import type pg from "pg";

// `prisma generate` reads the variable but connects to nothing.
process.env["DATABASE_URL"] ||= "postgresql://nobody@127.0.0.1:5432/nothing";

// Two catalogue types that the adapter cannot map ("char", name) and their arrays, read as text.
const AS_TEXT: Record<number, number> = { 18: 25, 19: 25, 1002: 1009, 1003: 1009 };

type Connection = { host: string; port: number; user: string; password: string; database: string };

// Never a connection string: `pg` lets it win over `database`, and the shadow database would be the real one.
function connectionOf(address: string): Connection {
  const url = new URL(address);
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: url.pathname.slice(1),
  };
}

type RowDescription = { fields: { dataTypeID: number }[] };
type WireClient = pg.Client & {
  connection: { prependListener(event: "rowDescription", listener: (m: RowDescription) => void): void };
};

class SchemaEngineAdapter extends PrismaPg {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    // Without these three the command line hangs for ten seconds before it exits.
    super({ ...connection, max: 2, idleTimeoutMillis: 100, allowExitOnIdle: true });
    this.#connection = connection;
  }

  override async connect() {
    const adapter = await super.connect();
    const pool = adapter.underlyingDriver();
    pool.on("connect", (client) => {
      (client as WireClient).connection.prependListener("rowDescription", (message) => {
        for (const field of message.fields) field.dataTypeID = AS_TEXT[field.dataTypeID] ?? field.dataTypeID;
      });
    });
    // The adapter cuts a script at every ";", function bodies included; one simple query does not.
    adapter.executeScript = async (sql) => void (await pool.query(sql));
    return adapter;
  }

  override async connectToShadowDb() {
    const main = await this.connect();
    const database = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await main.executeScript(`CREATE DATABASE "${database}"`);
    const shadow = await new SchemaEngineAdapter({ ...this.#connection, database }).connect();
    const dispose = shadow.dispose.bind(shadow);
    shadow.dispose = async () => {
      await dispose();
      await main.executeScript(`DROP DATABASE "${database}" WITH (FORCE)`);
      await main.dispose();
    };
    return shadow;
  }
}

// The engine never clears the ten-second timer that guards its advisory lock, and the command line would wait for it.
const LOCK_TIMER_MS = 10_000;
const setTimer = globalThis.setTimeout;
globalThis.setTimeout = Object.assign((work: () => void, ms?: number, ...rest: []) => {
  const timer = setTimer(work, ms, ...rest);
  return ms === LOCK_TIMER_MS ? timer.unref() : timer;
}, setTimer);

export default defineConfig({
  experimental: { adapter: true },
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  engine: "js",
  adapter: async () =>
    Promise.resolve(new SchemaEngineAdapter(connectionOf(process.env["DATABASE_URL"] ?? ""))),
});
