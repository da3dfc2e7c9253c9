// The table of all that the API does, and which row answers a request.
import { customers } from "./customers.server.ts";
import { deliveries } from "./deliveries.server.ts";
import { events } from "./events.server.ts";
import type { Method, Operation } from "./operation.ts";
import { replays } from "./replays.server.ts";
import { webhookSubscriptions } from "./webhook-subscriptions.server.ts";

/** In the order of the documentation. */
export const OPERATIONS: readonly Operation[] = [
  ...customers,
  ...events,
  ...webhookSubscriptions,
  ...deliveries,
  ...replays,
];

type Params = Readonly<Record<string, string>>;
export type Found = { readonly operation: Operation; readonly params: Params };

const partsOf = (path: string) => path.split("/");
const isParameter = (part: string) => part.startsWith("{");
// A fixed word wins over a parameter: /v1/deliveries/replay is no delivery.
const ROWS = OPERATIONS.map((operation) => ({ operation, parts: partsOf(operation.path) })).sort(
  (a, b) => a.parts.filter(isParameter).length - b.parts.filter(isParameter).length,
);

/** The operations at an address, whatever their method. */
function at(pathname: string): readonly Found[] {
  const said = partsOf(pathname).map(decoded);
  return ROWS.flatMap(({ operation, parts }) => {
    const params = paramsOf(parts, said);
    return params === null ? [] : [{ operation, params }];
  });
}

// What is no encoding stands for itself.
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function paramsOf(parts: readonly string[], said: readonly string[]): Params | null {
  if (parts.length !== said.length) return null;
  const pairs = parts.map((part, i) => [part, said[i] ?? ""] as const);
  if (!pairs.every(([part, text]) => (isParameter(part) ? text !== "" : part === text))) return null;
  return Object.fromEntries(
    pairs.filter(([part]) => isParameter(part)).map(([part, text]) => [part.slice(1, -1), text]),
  );
}

/** The operation that answers a request, with the parameters of its address; null where there is none. */
export function operationFor(method: string, pathname: string): Found | null {
  return at(pathname).find(({ operation }) => operation.method === method) ?? null;
}

/** The methods that an address knows; none where nothing is at it. */
export function methodsOf(pathname: string): Method[] {
  return at(pathname).map(({ operation }) => operation.method);
}
