// A `pg` client that prepares what it runs: the order transaction's statements cost more to plan than to run.
import pg from "pg";

/** Texts that are prepared on each connection; beyond that a text is planned each time, so that nothing grows. */
const MAX_PREPARED = 300;

const names = new Map<string, string>();

/** The name under which a text is prepared, the same on every connection; none once there are too many texts. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= MAX_PREPARED) return known;
  const name = `laurel_${names.size}`;
  names.set(text, name);
  return name;
}

type Query = { text: string; values: unknown[]; name?: string };

function isQuery(value: unknown): value is Query {
  return (
    typeof value === "object" &&
    value !== null &&
    "text" in value &&
    "values" in value &&
    !("submit" in value)
  );
}

/** Names every query with parameters that comes without a name of its own. */
export class PreparedClient extends pg.Client {
  override query: pg.Client["query"] = (...args: unknown[]) => {
    const [query] = args;
    if (isQuery(query) && query.values.length > 0 && query.name === undefined) {
      const name = nameOf(query.text);
      if (name !== undefined) query.name = name;
    }
    return (super.query as (...all: unknown[]) => never)(...args);
  };
}
