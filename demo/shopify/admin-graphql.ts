// Admin GraphQL of the stand-in: parses, validates, prices and executes what the app asks, as Shopify does.
import { buildSchema, execute, parse, validate, Kind, type DocumentNode, type GraphQLError } from "graphql";
import { adminAnswers } from "./admin-answers.ts";
import { ADMIN_SCHEMA } from "./admin-schema.ts";
import type { AppConfig } from "./app-config.ts";
import type { Shop } from "./shop.ts";

const schema = buildSchema(ADMIN_SCHEMA);
const BUCKET = { maximum: 2000, restorePerSecond: 100 };
const MUTATION_COST = 10;

export type GraphqlAnswer = { data?: unknown; errors?: unknown[]; extensions?: unknown };
export type GraphqlRequest = {
  query: string;
  variables: Record<string, unknown>;
  operationName: string | undefined;
};

/** A shop's budget of query points, which fills up again with time. */
type Bucket = { left: number; at: number };

export type AdminGraphql = {
  /** Answers one request of a shop at `at` (ms). */
  answer(shop: Shop, request: GraphqlRequest, at: number): Promise<GraphqlAnswer>;
  /** Makes the next requests fail as THROTTLED, whatever their price. */
  throttleNext(requests: number): void;
};

// Shopify words an unknown field in its own way, and apps read the code.
function errorBody(error: GraphQLError, operation: string) {
  const unknown = /^Cannot query field "(\w+)" on type "(\w+)"/.exec(error.message);
  const locations = error.locations?.map(({ line, column }) => ({ line, column }));
  if (!unknown) return { message: error.message, locations, ...(error.path ? { path: error.path } : {}) };
  const [, fieldName = "", typeName = ""] = unknown;
  return {
    message: `Field '${fieldName}' doesn't exist on type '${typeName}'`,
    locations,
    path: [operation, fieldName],
    extensions: { code: "undefinedField", typeName, fieldName },
  };
}

/** What a document costs: each object one point, each page its size, a mutation ten. */
function costOf(document: DocumentNode, variables: Record<string, unknown>): number {
  const objects = (node: unknown): number => {
    if (typeof node !== "object" || node === null) return 0;
    const {
      kind,
      selectionSet,
      arguments: args,
    } = node as {
      kind?: string;
      selectionSet?: { selections: unknown[] };
      arguments?: {
        name: { value: string };
        value: { kind: string; value?: string; name?: { value: string } };
      }[];
    };
    if (!selectionSet) return 0;
    const first = args?.find((argument) => argument.name.value === "first")?.value;
    const size = first?.value ?? (first?.name ? variables[first.name.value] : undefined);
    const inside = selectionSet.selections.reduce<number>((sum, child) => sum + objects(child), 0);
    return (
      (kind === Kind.FIELD ? 1 : 0) +
      inside * (typeof size === "string" || typeof size === "number" ? Number(size) : 1)
    );
  };
  return document.definitions.reduce((sum, definition) => {
    const mutation =
      definition.kind === Kind.OPERATION_DEFINITION && String(definition.operation) === "mutation";
    return sum + objects(definition) + (mutation ? MUTATION_COST : 0);
  }, 0);
}

/** Opens Admin GraphQL for one app. */
export function openAdminGraphql(app: AppConfig & { apiKey: string }): AdminGraphql {
  const buckets = new Map<string, Bucket>();
  let toThrottle = 0;

  const status = (bucket: Bucket) => ({
    maximumAvailable: BUCKET.maximum,
    currentlyAvailable: Math.floor(bucket.left),
    restoreRate: BUCKET.restorePerSecond,
  });
  const bucketOf = (shop: Shop, at: number): Bucket => {
    const before = buckets.get(shop.domain) ?? { left: BUCKET.maximum, at };
    const restored = ((at - before.at) / 1000) * BUCKET.restorePerSecond;
    const now = { left: Math.min(BUCKET.maximum, before.left + restored), at };
    buckets.set(shop.domain, now);
    return now;
  };

  const parsed = (query: string): DocumentNode | GraphQLError => {
    try {
      return parse(query);
    } catch (error) {
      return error as GraphQLError;
    }
  };

  return {
    throttleNext: (requests) => void (toThrottle = requests),
    async answer(shop, { query, variables, operationName }, at) {
      const document = parsed(query);
      if (document instanceof Error) return { errors: [errorBody(document, "query")] };
      const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
      const label = [operation?.operation ?? "query", operation?.name?.value].filter(Boolean).join(" ");
      const problems = validate(schema, document);
      if (problems.length > 0) return { errors: problems.map((problem) => errorBody(problem, label)) };
      const bucket = bucketOf(shop, at);
      const requestedQueryCost = costOf(document, variables);
      if (toThrottle > 0 || requestedQueryCost > bucket.left) {
        toThrottle = Math.max(0, toThrottle - 1);
        return {
          errors: [
            {
              message: "Throttled",
              extensions: { code: "THROTTLED", documentation: "https://shopify.dev/api/usage/rate-limits" },
            },
          ],
          extensions: { cost: { requestedQueryCost, actualQueryCost: null, throttleStatus: status(bucket) } },
        };
      }
      bucket.left -= requestedQueryCost;
      const result = await execute({
        schema,
        document,
        rootValue: adminAnswers(shop, app),
        variableValues: variables,
        operationName,
      });
      return {
        ...(result.data === undefined ? {} : { data: result.data }),
        ...(result.errors ? { errors: result.errors.map((error) => errorBody(error, label)) } : {}),
        extensions: {
          cost: { requestedQueryCost, actualQueryCost: requestedQueryCost, throttleStatus: status(bucket) },
        },
      };
    },
  };
}
