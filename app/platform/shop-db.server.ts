// What a use case asks the database through: SQL goes straight to the connection, Prisma's models by way of Prisma.
import pg from "pg";
import { Prisma } from "../../generated/prisma/index.js";
import type { Joined } from "./join-prisma.server.ts";

type Query = TemplateStringsArray | Prisma.Sql;
type Statement = { text: string; values: unknown[] };

const BIGINT: number = pg.types.builtins.INT8;
/** BIGINT keeps its digits, as Prisma has it. */
const asBigInt = (text: string): bigint => BigInt(text);
const readerOf = pg.types.getTypeParser as (oid: number, format?: string) => (text: string) => unknown;

/** How the columns of an answer are read. */
export const COLUMN_TYPES = {
  getTypeParser: (oid: number, format?: string) =>
    oid === BIGINT && format !== "binary" ? asBigInt : readerOf(oid, format),
} as pg.CustomTypesConfig;

const Sql = Prisma.empty.constructor as new () => Prisma.Sql;
const texts = new WeakMap<TemplateStringsArray, string>();

/** The text with $1, $2 … is made once for each place in the code that has no SQL among its values. */
function statementOf(query: Query, values: unknown[]): Statement {
  const whole = query instanceof Sql ? query : null;
  if (whole) return { text: whole.text, values: whole.values };
  const strings = query as TemplateStringsArray;
  if (values.some((value) => value instanceof Sql)) return statementOf(Prisma.sql(strings, ...values), []);
  let text = texts.get(strings);
  if (text === undefined) {
    text = strings.reduce((before, part, i) => `${before}$${i}${part}`);
    texts.set(strings, text);
  }
  return { text, values };
}

/**
 * A transaction client as Prisma's, on a connection. SQL does not pass through Prisma's engine, which costs more than
 * to run it; statements run in the order in which they were asked. Models are opened by `join` when first used.
 */
export function shopDb(client: pg.ClientBase, join: () => Joined): Prisma.TransactionClient {
  const rows = async (statement: Statement) => (await client.query(statement)).rows as unknown[];
  const count = async (statement: Statement) => (await client.query(statement)).rowCount ?? 0;
  const sql: Record<string, unknown> = {
    $queryRaw: (query: Query, ...values: unknown[]) => rows(statementOf(query, values)),
    $executeRaw: (query: Query, ...values: unknown[]) => count(statementOf(query, values)),
    $queryRawUnsafe: (text: string, ...values: unknown[]) => rows({ text, values }),
    $executeRawUnsafe: (text: string, ...values: unknown[]) => count({ text, values }),
  };
  return new Proxy(sql, { get: (own, name) => own[String(name)] ?? model(join, String(name)) }) as never;
}

type Models = Record<string, Record<string, (...args: unknown[]) => Promise<unknown>>>;

// One of Prisma's models: asked once Prisma has joined.
function model(join: () => Joined, name: string): unknown {
  const ask = async (method: string, args: unknown[]) => {
    const models = (await join().db) as unknown as Models;
    return models[name]?.[method]?.(...args);
  };
  return new Proxy(
    {},
    {
      get:
        (_, method) =>
        (...args: unknown[]) =>
          ask(String(method), args),
    },
  );
}
